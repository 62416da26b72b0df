package import Fleet

/// Controls the replicas of one workload: keeps what was seen, asks the policy when it is time, and turns the difference
/// between desired and current into orders. The simulator and the daemon drive the same one.
package struct ControlMachine: Sendable {
    /// Samples missing for longer than this make the view stale.
    package static let staleAfter = Duration.seconds(10)

    private var policy: any ScalingPolicy
    private let guards: ControlGuards
    package let bounds: ReplicaBounds
    private var samples = SampleHistory()

    /// Ordered and not ready, oldest first: the actions in flight.
    private var starting: [ReplicaID] = []
    private var ready: Set<ReplicaID> = []
    private var draining: Set<ReplicaID> = []
    /// Starts given up and not confirmed gone: one that became ready all the same is ready.
    private var cancelled: Set<ReplicaID> = []
    /// Drain orders whose victim is not known yet.
    private var unassignedDrains = 0
    private var nextReplica = 0
    private var timerGeneration = 0
    /// After bounds; nil before the first decision.
    private var desired: Int?

    /// - Parameters:
    ///   - policy: says how many replicas there should be.
    ///   - bounds: applied to what it says.
    ///   - guards: protections around it; none for peers.
    package init(policy: any ScalingPolicy, bounds: ReplicaBounds, guards: ControlGuards) {
        self.policy = policy
        self.bounds = bounds
        self.guards = guards
    }

    /// Ready replicas that no drain order has claimed.
    package var readyCount: Int { ready.count - unassignedDrains }
    package var startingCount: Int { starting.count }
    package var drainingCount: Int { draining.count + unassignedDrains }
    /// Ready and starting: what `desired` is compared with.
    package var currentCount: Int { readyCount + starting.count }
    package var desiredCount: Int { desired ?? currentCount }

    /// Takes an event in and says what is to be done.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - now: when; never before an earlier call's.
    /// - Returns: directives, to be carried out in order.
    package mutating func on(_ event: ControlEvent, at now: Instant) -> [ControlDirective] {
        switch event {
        case .began(let ids):
            ready = Set(ids)
            nextReplica = (ids.map(\.number).max() ?? -1) + 1
            return scheduleDecision(after: now, isFirst: true)
        case .sampled(let sample):
            samples.append(sample)
            return []
        case .timerFired(let generation):
            guard generation == timerGeneration else { return [] }
            return decide(at: now) + scheduleDecision(after: now, isFirst: false)
        case .replicaReady, .startFailed, .drainBegan, .replicaStopped, .replicaLost:
            updateFleet(event)
            return []
        }
    }

    /// Fleet news about a replica that is not in the state it would come from are duplicates, and change nothing.
    private mutating func updateFleet(_ event: ControlEvent) {
        switch event {
        case .replicaReady(let id):
            if removeStarting(id) || cancelled.remove(id) != nil { ready.insert(id) }
        case .startFailed(let id):
            _ = removeStarting(id)
            cancelled.remove(id)
        case .drainBegan(let id):
            guard ready.remove(id) != nil else { return }
            draining.insert(id)
            unassignedDrains = max(unassignedDrains - 1, 0)
        case .replicaStopped(let id):
            draining.remove(id)
            cancelled.remove(id)
        case .replicaLost(let id):
            _ = removeStarting(id)
            cancelled.remove(id)
            ready.remove(id)
            draining.remove(id)
            // A drain order that finds nobody left is void; else it would count against replicas yet to come.
            unassignedDrains = min(unassignedDrains, ready.count)
        case .began, .sampled, .timerFired:
            preconditionFailure("not news of the fleet: \(event)")
        }
    }

    private mutating func removeStarting(_ id: ReplicaID) -> Bool {
        guard let index = starting.firstIndex(of: id) else { return false }
        starting.remove(at: index)
        return true
    }

    private mutating func scheduleDecision(after now: Instant, isFirst: Bool) -> [ControlDirective] {
        guard let next = policy.nextDecision(after: now, isFirst: isFirst) else { return [] }
        precondition(
            next > now || isFirst, "\(policy.name) wants its next decision at \(next.seconds), not after \(now.seconds)"
        )
        timerGeneration += 1
        return [.scheduleTimer(generation: timerGeneration, at: next)]
    }
}

// MARK: Decisions

extension ControlMachine {
    private mutating func decide(at now: Instant) -> [ControlDirective] {
        let view = SampleView(samples, through: policy.observationDelay.horizon(at: now))
        let proposal = policy.decide(
            PolicyInput(
                now: now, samples: view, desired: desiredCount, ready: readyCount, starting: starting.count,
                draining: drainingCount, bounds: bounds))
        let guarded = guardedAgainstBadData(proposal, view)
        let clamped = bounds.clamp(guarded.desired)
        let record = DecisionRecord(
            at: now, proposed: proposal.desired, desired: clamped, current: currentCount, ready: readyCount,
            reason: guarded.reason)
        desired = clamped
        return [.record(record)] + orders(for: clamped)
    }

    /// Without a fresh sample nothing is scaled down; what asks for more may have it.
    private func guardedAgainstBadData(_ proposal: ScalingDecision, _ view: SampleView) -> ScalingDecision {
        guard guards.contains(.holdOnBadData) else { return proposal }
        switch view.observation(staleAfter: ControlMachine.staleAfter) {
        case .value: return proposal
        case .stale, .missing: return ScalingDecision(max(proposal.desired, currentCount), .noData)
        }
    }

    /// Starts, or cancels the newest starts and then drains.
    private mutating func orders(for desired: Int) -> [ControlDirective] {
        var directives: [ControlDirective] = []
        while currentCount < desired {
            let id = ReplicaID(nextReplica)
            nextReplica += 1
            starting.append(id)
            directives.append(.start(id))
        }
        while currentCount > desired, let newest = starting.popLast() {
            cancelled.insert(newest)
            directives.append(.cancel(newest))
        }
        while currentCount > desired {
            unassignedDrains += 1
            directives.append(.drainOne)
        }
        return directives
    }
}
