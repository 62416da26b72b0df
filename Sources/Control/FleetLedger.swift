package import Fleet

/// The replicas of a workload as its controller knows them: what was ordered, what came of it, what is still under way.
package struct FleetLedger: Hashable, Sendable, Codable {
    /// A start that was ordered and is not ready yet.
    package struct PendingStart: Hashable, Sendable, Codable {
        package var id: ReplicaID
        package var action: ActionID
        package var orderedAt: Instant
        /// When it should be ready: 95 of 100 were by then.
        package var expectedAt: Instant
        /// When it is given up.
        package var deadline: Instant
        /// Whether `orderedAt` is the order's instant, and not that of an adoption.
        var isMeasured: Bool
    }

    /// A replica that takes requests.
    struct ReadyReplica: Hashable, Sendable, Codable {
        var id: ReplicaID
        var since: Instant
    }

    /// A start that was given up and is not confirmed gone: one that became ready all the same is ready.
    struct CancelledStart: Hashable, Sendable, Codable {
        var id: ReplicaID
        var action: ActionID
    }

    /// A drain order whose victim is not known yet.
    struct DrainOrder: Hashable, Sendable, Codable {
        var action: ActionID
        var orderedAt: Instant
    }

    /// In the order of their orders.
    package private(set) var starting: [PendingStart] = []
    private(set) var ready: [ReadyReplica] = []
    private(set) var draining: [ReplicaID] = []
    private(set) var cancelled: [CancelledStart] = []
    private(set) var drainOrders: [DrainOrder] = []
    private var nextReplica = 0
    private var nextAction = 0

    /// Ready replicas that no drain order has claimed.
    var readyCount: Int { ready.count - drainOrders.count }
    var drainingCount: Int { draining.count + drainOrders.count }
    /// Ready and starting: what `desired` is compared with.
    var currentCount: Int { readyCount + starting.count }

    private mutating func newAction() -> ActionID {
        defer { nextAction += 1 }
        return ActionID(nextAction)
    }
}

// MARK: Orders

extension FleetLedger {
    mutating func start(_ estimate: StartUpEstimate, deadline: Duration, at now: Instant) -> ControlDirective {
        let id = ReplicaID(nextReplica)
        nextReplica += 1
        let action = newAction()
        starting.append(
            PendingStart(
                id: id, action: action, orderedAt: now, expectedAt: now + estimate.p95, deadline: now + deadline,
                isMeasured: true))
        return .start(id, as: action)
    }

    /// Gives up the start that was ordered last; nil when none is under way.
    mutating func cancelNewest() -> ControlDirective? {
        starting.popLast().map { cancel($0) }
    }

    /// Gives up the starts whose deadline has passed, and says when they were ordered.
    mutating func cancelOverdue(at now: Instant) -> (orders: [ControlDirective], orderedAt: [Instant]) {
        let overdue = starting.filter { $0.deadline <= now }
        starting.removeAll { $0.deadline <= now }
        return (overdue.map { cancel($0) }, overdue.map(\.orderedAt))
    }

    private mutating func cancel(_ start: PendingStart) -> ControlDirective {
        let action = newAction()
        cancelled.append(CancelledStart(id: start.id, action: action))
        return .cancel(start.id, as: action)
    }

    mutating func drainOne(at now: Instant) -> ControlDirective {
        let order = DrainOrder(action: newAction(), orderedAt: now)
        drainOrders.append(order)
        return .drainOne(as: order.action)
    }

    /// A drain order that was not answered within `limit` found nobody to ask, or nobody to drain.
    mutating func forgetDrainOrders(olderThan limit: Duration, at now: Instant) {
        drainOrders.removeAll { now.seconds(since: $0.orderedAt) >= limit.seconds }
    }
}

// MARK: Outcomes

extension FleetLedger {
    /// What an outcome ended; nil when it was news of a replica that is not in the state it would come from: a duplicate.
    enum Ended {
        case start(PendingStart)
        case service(since: Instant)
        case drain
    }

    mutating func take(_ outcome: ActionOutcome, at now: Instant) -> Ended? {
        switch outcome {
        case .ready(let id): return becomeReady(id, at: now)
        case .startFailed(let id), .noCapacity(let id):
            cancelled.removeAll { $0.id == id }
            return removeStarting(id).map { .start($0) }
        case .drainBegan(let id): return beginDrain(id)
        case .drainRefused:
            if !drainOrders.isEmpty { drainOrders.removeFirst() }
            return nil
        case .stopped(let id):
            cancelled.removeAll { $0.id == id }
            guard let index = draining.firstIndex(of: id) else { return nil }
            draining.remove(at: index)
            return .drain
        case .lost(let id): return lose(id)
        }
    }

    private mutating func becomeReady(_ id: ReplicaID, at now: Instant) -> Ended? {
        let start = removeStarting(id)
        let wasCancelled = cancelled.contains { $0.id == id }
        guard start != nil || wasCancelled else { return nil }
        cancelled.removeAll { $0.id == id }
        ready.append(ReadyReplica(id: id, since: now))
        return start.map { .start($0) }
    }

    private mutating func beginDrain(_ id: ReplicaID) -> Ended? {
        guard let replica = removeReady(id) else { return nil }
        draining.append(id)
        if !drainOrders.isEmpty { drainOrders.removeFirst() }
        return .service(since: replica.since)
    }

    private mutating func lose(_ id: ReplicaID) -> Ended? {
        cancelled.removeAll { $0.id == id }
        if let start = removeStarting(id) { return .start(start) }
        if let replica = removeReady(id) {
            // A drain order that finds nobody left is void; else it would count against replicas yet to come.
            if drainOrders.count > ready.count { drainOrders.removeLast() }
            return .service(since: replica.since)
        }
        guard let index = draining.firstIndex(of: id) else { return nil }
        draining.remove(at: index)
        return .drain
    }

    private mutating func removeStarting(_ id: ReplicaID) -> PendingStart? {
        starting.firstIndex { $0.id == id }.map { starting.remove(at: $0) }
    }

    private mutating func removeReady(_ id: ReplicaID) -> ReadyReplica? {
        ready.firstIndex { $0.id == id }.map { ready.remove(at: $0) }
    }
}

// MARK: Adoption

extension FleetLedger {
    /// Takes over what was found. Known replicas keep what is known of them; the others are new; what was not found is gone.
    ///
    /// - Returns: orders that were given before and whose effect was not found, to be repeated.
    mutating func adopt(
        _ found: AdoptedFleet, _ estimate: StartUpEstimate, deadline: Duration, at now: Instant
    )
        -> [ControlDirective]
    {
        // A replica that drains, and was ready when last seen, answers a drain order.
        let answered = found.draining.filter { id in ready.contains { $0.id == id } }.count
        drainOrders.removeFirst(min(answered, drainOrders.count))
        let known = (starting, ready, cancelled)
        cancelled = known.2.filter { found.starting.contains($0.id) || found.ready.contains($0.id) }
        ready = found.ready.sorted().filter { !isCancelled($0) }.map { id in
            known.1.first { $0.id == id } ?? ReadyReplica(id: id, since: now)
        }
        drainOrders.removeFirst(max(drainOrders.count - ready.count, 0))
        draining = found.draining.sorted()
        let highest = (found.ready + found.starting + found.draining).map(\.number).max() ?? -1
        nextReplica = max(nextReplica, highest + 1)
        starting = found.starting.sorted().filter { !isCancelled($0) }.map { id in
            known.0.first { $0.id == id }
                ?? PendingStart(
                    id: id, action: newAction(), orderedAt: now, expectedAt: now + estimate.p95,
                    deadline: now + deadline, isMeasured: false)
        }
        return cancelled.map { .cancel($0.id, as: $0.action) } + drainOrders.map { .drainOne(as: $0.action) }
    }

    private func isCancelled(_ id: ReplicaID) -> Bool { cancelled.contains { $0.id == id } }

    /// Replicas about which an actuator's list says something else: those that nobody ordered, and ready ones that are not.
    func contradictions(_ listed: [Replica]) -> [ReplicaID] {
        var alive: Set<ReplicaID> = []
        var stranger: [ReplicaID] = []
        for replica in listed {
            switch replica.state {
            case .requested, .starting, .ready:
                alive.insert(replica.id)
                if !isKnown(replica.id) { stranger.append(replica.id) }
            case .draining, .stopped, .failed, .lost: continue
            }
        }
        return (stranger + ready.map(\.id).filter { !alive.contains($0) }).sorted()
    }

    private func isKnown(_ id: ReplicaID) -> Bool {
        ready.contains { $0.id == id } || starting.contains { $0.id == id } || draining.contains(id) || isCancelled(id)
    }
}

/// The replicas that a controller finds when it begins.
struct AdoptedFleet {
    var ready: [ReplicaID]
    var starting: [ReplicaID]
    var draining: [ReplicaID]
}
