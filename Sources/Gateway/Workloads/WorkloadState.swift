internal import Configuration
internal import Fleet
internal import Link
internal import Routing

/// Everything that is decided about a workload's requests and replicas, as a value: no socket, no clock. `Workload` holds it
/// under its lock and carries out the effects.
struct WorkloadState: ~Copyable {
    /// Requests that failed on every replica there is are tried again after this time, in seconds.
    static let retryPause = 0.2
    /// Samples are this far apart at least, in seconds.
    static let sampleSpacing = 0.1

    var settings: WorkloadSettings
    var admission: WorkloadAdmission
    /// As the controller knows them.
    var engineTimes = EngineTimes.profiled
    var dispatcher: Dispatcher
    /// By number.
    var replicas: [Int: Replica] = [:]
    /// By slot of the table.
    var slots: [Replica?] = []
    var waiting: [UInt32: Exchange] = [:]
    /// Requests that failed before their first byte and found no other replica yet; they go before those that wait.
    var retrying: [Exchange] = []
    var queuedBytes = 0
    var counters = WorkloadCounters()
    var estimates: TokenEstimates
    var budget: RetryBudget
    var runningRequests = 0
    var lastSampleTime = -1.0
    /// A sample waits for the spacing to pass.
    var owesSample = false
    /// The configuration has it no more: nothing new is taken.
    var isRetired = false
    private var lastID: UInt32 = 0

    init(settings: WorkloadSettings, admission: WorkloadAdmission) {
        self.settings = settings
        self.admission = admission
        let pacing = settings.routing.order == .slo ? admission.pacing : nil
        dispatcher = Dispatcher(
            limits: pacing?.limits ?? admission.limits, binding: .late, choice: settings.routing.replicaChoice,
            order: pacing == nil ? .fcfs : .slo, queueLimit: max(settings.queue.requestLimit, 1), seed: 1)
        estimates = TokenEstimates(settings.expectedShape)
        budget = RetryBudget(share: settings.routing.retryBudget)
    }

    /// Requests that wait for a replica.
    var queuedRequests: Int { dispatcher.waitingCount + retrying.count }

    /// Whether it has just grown to twice what it was (1, 2, 4…): news that cannot wait for the next second.
    private var hasQueueDoubled: Bool { queuedRequests > 0 && queuedRequests & (queuedRequests - 1) == 0 }

    // MARK: Life of a request

    /// A request arrived whole.
    ///
    /// - Parameters:
    ///   - exchange: the request.
    ///   - affinity: equal for requests that belong together; nil for no preference.
    ///   - now: seconds.
    ///   - effects: added to.
    /// - Returns: where it went.
    mutating func submit(
        _ exchange: Exchange, affinity: UInt64?, at now: Double, effects: inout RoutingEffects
    ) -> Submission {
        makeClaim(exchange, at: now)
        counters.enter(at: now)
        counters.arrivedRequests += 1
        counters.arrivedPromptTokens += exchange.promptTokens
        budget.countRequest(at: now)
        guard !isRetired else { return .refused(.unknownModel) }
        tryEjectedIfAlone(at: now)
        let placement =
            affinity.map { dispatcher.arrive(exchange.claim, preferring: $0, at: now) }
            ?? dispatcher.arrive(exchange.claim, at: now)
        switch placement {
        case .replica(let slot): return .placed(hold(exchange, slot))
        case .refused: return .refused(.queueFull)
        case .queued: return enqueue(exchange, at: now, effects: &effects)
        }
    }

    private mutating func enqueue(
        _ exchange: Exchange, at now: Double, effects: inout RoutingEffects
    ) -> Submission {
        guard queuedBytes + exchange.bodyBytes <= settings.queue.byteLimit,
            queuedRequests <= settings.queue.requestLimit
        else {
            _ = dispatcher.withdraw(id: exchange.claim.id)
            return .refused(queuedRequests >= settings.queue.requestLimit ? .queueFull : .queueBytesFull)
        }
        waiting[exchange.claim.id] = exchange
        queuedBytes += exchange.bodyBytes
        owesSample = owesSample || hasQueueDoubled
        sampleIfOwed(at: now, effects: &effects)
        return .waits
    }

    private mutating func makeClaim(_ exchange: Exchange, at now: Double) {
        lastID &+= 1
        let prompt = estimates.promptTokens(bodyBytes: exchange.bodyBytes)
        let output = exchange.outputTokenLimit ?? Int(estimates.outputTokens)
        exchange.promptTokens = prompt
        exchange.claim = RequestClaim(
            id: lastID, promptTokens: Int32(clamping: prompt), uncachedTokens: Int32(clamping: prompt),
            reservedTokens: Int32(clamping: min(prompt + output, admission.limits.kvTokens)),
            prefillTicks: dispatcher.table.ticks(prefillSeconds: admission.prefillSeconds(prompt)),
            prefillSeconds: admission.prefillSeconds(prompt),
            deadline: admission.pacing.map { now + $0.firstTokenLimit(prompt) } ?? .infinity)
    }

    /// Notes that the replica in the slot, which admitted the request, has it.
    mutating func hold(_ exchange: Exchange, _ slot: Int) -> Replica {
        guard let replica = slots[slot] else { preconditionFailure("slot \(slot) admits, but has no replica") }
        exchange.held = replica
        exchange.isPrefilled = false
        runningRequests += 1
        replica.health.onDispatch()
        refresh(replica)
        return replica
    }

    /// The first byte of the answer's body is there.
    mutating func onFirstByte(_ exchange: Exchange, at now: Double, effects: inout RoutingEffects) {
        guard let replica = exchange.held, !exchange.isPrefilled else { return }
        finishPrefill(exchange, replica)
        replica.health.onFirstByte()
        refresh(replica)
        placeWaiting(changed: replica.slot, at: now, effects: &effects)
    }

    private mutating func finishPrefill(_ exchange: Exchange, _ replica: Replica) {
        guard !exchange.isPrefilled else { return }
        exchange.isPrefilled = true
        dispatcher.table.finishPrefill(
            uncachedTokens: Int(exchange.claim.uncachedTokens), prefillTicks: Int(exchange.claim.prefillTicks),
            on: replica.slot)
    }

    /// The replica has the request no more, however that came. Calling it twice is safe.
    mutating func release(
        _ exchange: Exchange, _ verdict: ReplicaVerdict, at now: Double, effects: inout RoutingEffects
    ) {
        guard let replica = exchange.held else { return }
        finishPrefill(exchange, replica)
        exchange.held = nil
        dispatcher.table.finish(reservedTokens: Int(exchange.claim.reservedTokens), on: replica.slot)
        runningRequests -= 1
        judge(replica, verdict, at: now, effects: &effects)
        let slot = replica.slot
        settle(replica, effects: &effects)
        placeWaiting(changed: slot, at: now, effects: &effects)
    }

    private mutating func judge(
        _ replica: Replica, _ verdict: ReplicaVerdict, at now: Double, effects: inout RoutingEffects
    ) {
        switch verdict {
        case .answered: replica.health.onSuccess()
        case .nothing: replica.health.onNothingLearned()
        case .failed(let refusal):
            guard replica.health.onFailure(at: now), !replica.isRemoved else { return }
            counters.ejections += 1
            effects.messages.append(
                .ejected(workload: settings.id.description, replica: replica.number, reason: refusal.rawValue))
        }
    }

    /// The request failed on its replica before its first byte: another one gets it. Nil when there may be no retry:
    /// then the replica still has it.
    mutating func retry(
        _ exchange: Exchange, _ verdict: ReplicaVerdict, at now: Double, effects: inout RoutingEffects
    ) -> Submission? {
        guard let failed = exchange.held else { return nil }
        // A replica that the fleet has given up cost the request nothing: that is no sign of trouble.
        if !failed.isRemoved {
            guard exchange.retries < settings.routing.retryLimit,
                budget.take(inFlight: counters.inFlight, at: now)
            else { return nil }
            exchange.retries += 1
        }
        counters.retries += 1
        exchange.excluded.append(failed.number)
        release(exchange, verdict, at: now, effects: &effects)
        tryEjectedIfAlone(at: now)
        if let slot = dispatcher.place(exchange.claim, excluding: excludedSlots(exchange)) {
            return .placed(hold(exchange, slot))
        }
        guard !isRetired else { return .refused(.unknownModel) }
        exchange.retryTime = now + WorkloadState.retryPause
        retrying.append(exchange)
        owesSample = owesSample || hasQueueDoubled
        sampleIfOwed(at: now, effects: &effects)
        return .waits
    }

    private func excludedSlots(_ exchange: Exchange) -> [Int] {
        exchange.excluded.compactMap { number in replicas[number]?.slot }
    }

    /// Takes a request out of those that wait; false when it does not wait (any more).
    mutating func withdraw(_ exchange: Exchange, at now: Double, effects: inout RoutingEffects) -> Bool {
        if let index = retrying.firstIndex(where: { $0 === exchange }) {
            retrying.remove(at: index)
        } else {
            guard waiting.removeValue(forKey: exchange.claim.id) != nil else { return false }
            queuedBytes -= exchange.bodyBytes
            _ = dispatcher.withdraw(id: exchange.claim.id)
        }
        placeWaiting(changed: nil, at: now, effects: &effects)
        return true
    }

    // MARK: Those that wait

    /// Gives waiting requests to replicas that take them now.
    ///
    /// - Parameters:
    ///   - slot: the only replica that changed, nil when several may have.
    ///   - now: seconds.
    ///   - effects: added to.
    mutating func placeWaiting(changed slot: Int?, at now: Double, effects: inout RoutingEffects) {
        if !retrying.isEmpty { placeRetrying(at: now, effects: &effects) }
        guard dispatcher.hasWaiting else { return }
        var next = slot.map { dispatcher.next(changed: $0, at: now) } ?? dispatcher.next(at: now)
        while let (claim, slot) = next {
            guard let exchange = waiting.removeValue(forKey: claim.id) else {
                preconditionFailure("request \(claim.id) waits in the queue, but nobody knows it")
            }
            queuedBytes -= exchange.bodyBytes
            effects.placed.append((exchange, hold(exchange, slot)))
            next = dispatcher.next(at: now)
        }
    }

    private mutating func placeRetrying(at now: Double, effects: inout RoutingEffects) {
        var left: [Exchange] = []
        for exchange in retrying {
            if now >= exchange.retryTime, hasNoOther(exchange) { exchange.excluded.removeAll() }
            if let slot = dispatcher.place(exchange.claim, excluding: excludedSlots(exchange)) {
                effects.placed.append((exchange, hold(exchange, slot)))
            } else {
                left.append(exchange)
            }
        }
        retrying = left
    }

    /// Whether the request was tried on every replica that may take any.
    private func hasNoOther(_ exchange: Exchange) -> Bool {
        for replica in slots {
            guard let replica, !replica.isDraining, !replica.isRemoved else { continue }
            if !exchange.excluded.contains(replica.number) { return false }
        }
        return true
    }

    /// When no replica takes requests, the ejected ones are tried, each with one request at a time.
    mutating func tryEjectedIfAlone(at now: Double) {
        guard dispatcher.table.readyCount == 0 else { return }
        for replica in slots {
            guard let replica, !replica.isDraining, replica.health.onLastResort(at: now) else { continue }
            refresh(replica)
        }
    }

    /// Time has passed: ejections end, requests are tried again, a sample may be due.
    mutating func onTick(at now: Double, effects: inout RoutingEffects) {
        for replica in slots {
            guard let replica, replica.health.onTick(at: now) else { continue }
            refresh(replica)
        }
        if queuedRequests > 0 {
            tryEjectedIfAlone(at: now)
            placeWaiting(changed: nil, at: now, effects: &effects)
        }
        if now - lastSampleTime >= 1 { owesSample = !isSpent }
        sampleIfOwed(at: now, effects: &effects)
    }
}

extension RoutingSettings {
    /// The same choice in the words of Routing.
    var replicaChoice: ReplicaChoice {
        switch choice {
        case .leastOutstandingTokens: .leastOutstandingTokens
        case .leastRequests: .leastRequests
        case .roundRobin: .roundRobin
        case .weightedRoundRobin: .weightedRoundRobin
        case .powerOfTwoChoices: .powerOfTwoChoices
        }
    }
}
