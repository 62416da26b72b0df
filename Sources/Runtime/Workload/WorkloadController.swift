internal import Control
internal import Fleet
internal import Link

/// One workload in the daemon: Control's machine, and what it cannot know: where replicas run, what the gateway was told
/// and has answered. A value; what it wants done comes out as effects.
struct WorkloadController: Sendable {
    /// The gateway answers a drain order at once; without an answer for so long a victim is chosen here.
    static let drainAnswerDeadline = Duration.seconds(5)
    /// Samples and the policy's state are kept so often; what is newer is seen or learned again.
    static let learnedInterval = 60.0

    private(set) var plan: WorkloadPlan
    var machine: ControlMachine
    /// Replicas of which something may be left, by number.
    private(set) var replicas: [Int: JournalReplica] = [:]
    private(set) var lastSample: GatewaySample?
    private(set) var lastDecision: DecisionRecord?
    private var lastCore: ControlCore?
    private var lastLearnedAt: Instant?
    private var toldEngineTimes = EngineTimes.profiled
    private var counters = CounterContinuity()
    /// Starts given up by Control: one that became ready all the same is ready. What was drained is not revived.
    private var givenUp: Set<Int> = []
    /// Drain orders that the gateway has not answered.
    private var openDrains = 0
    private var drainGeneration = 0
    var isGatewayConnected = false
    /// No more decisions; what runs is drained and stopped.
    private(set) var isEnding = false

    /// - Parameters:
    ///   - plan: how it is controlled.
    ///   - memory: what an earlier controller left.
    init(_ plan: WorkloadPlan, memory: ControlMemory) {
        self.plan = plan
        machine = ControlMachine(plan, memory: memory)
    }

    var id: WorkloadID { plan.id }
    /// By number.
    var ordered: [JournalReplica] { replicas.values.sorted { $0.number < $1.number } }
    var isEmpty: Bool { replicas.isEmpty }

    func count(_ phases: JournalReplica.Phase...) -> Int {
        replicas.values.reduce(0) { $0 + (phases.contains($1.phase) ? 1 : 0) }
    }

    /// What the gateway may send requests to, and what it lets finish.
    var fleet: FleetUpdate {
        FleetUpdate(
            workload: id.description,
            replicas: ordered.compactMap { replica in
                guard replica.phase == .ready || replica.phase == .draining, let record = replica.record else {
                    return nil
                }
                return ReplicaAddress(
                    number: replica.number, host: record.host, port: record.port,
                    isDraining: replica.phase == .draining, weight: plan.weight)
            }, engineTimes: machine.engineTimes == .profiled ? nil : machine.engineTimes)
    }

    var tellFleet: ControllerEffect { .tellGateway(.fleet(fleet)) }

    // MARK: Taking over

    /// Begins, or goes on where an earlier controller ended.
    ///
    /// - Parameters:
    ///   - known: what the journal has of it.
    ///   - running: what the actuator found, whether the journal knows it or not.
    ///   - operation: what people asked for.
    ///   - now: the instant.
    /// - Returns: effects, in order.
    mutating func begin(
        known: [JournalReplica], running: [ReplicaRecord], operation: ControlOperation, at now: Instant
    ) -> [ControllerEffect] {
        var effects: [ControllerEffect] = []
        let found = Dictionary(running.map { ($0.name.replica.number, $0) }) { first, _ in first }
        for replica in known {
            effects += resume(replica, found[replica.number])
        }
        for record in running where replicas[record.name.replica.number] == nil {
            effects += adopt(record)
        }
        machine.prepare(operation, at: now)
        return effects + takeUp(at: now)
    }

    /// A replica of the journal: goes on when it runs; an order in flight is given again, under the same name.
    private mutating func resume(_ replica: JournalReplica, _ running: ReplicaRecord?) -> [ControllerEffect] {
        var replica = replica
        guard let running else {
            guard replica.phase == .ordered else {
                return [.journal(.gone(workload: replica.workload, replica: replica.number), isOrder: false)]
            }
            replicas[replica.number] = replica
            return [.start(StartOrder(name: replica.name, variant: plan.variant))]
        }
        replica.record = running
        if replica.phase == .ordered { replica.phase = .launched }
        replicas[replica.number] = replica
        let stop: [ControllerEffect] = replica.phase == .stopping ? [.stop(replica.name, deadline: nil)] : []
        return [.journal(.replica(replica), isOrder: false)] + stop
    }

    /// A replica that runs and is in no record: its record was lost, so it is one of ours all the same.
    private mutating func adopt(
        _ record: ReplicaRecord, saying text: String = "Adopted a replica that was in no record"
    ) -> [ControllerEffect] {
        var replica = JournalReplica(
            workload: id.description, number: record.name.replica.number, variant: record.variant.description,
            phase: .launched, orderedAt: record.orderedAt.seconds)
        replica.record = record
        replicas[replica.number] = replica
        return [
            .journal(.replica(replica), isOrder: false),
            .notice(Notice(.info, text, replica: record.name, detail: "\(record.host):\(record.port)")),
        ]
    }

    /// The machine begins with the replicas as they are known here.
    private mutating func takeUp(at now: Instant) -> [ControllerEffect] {
        control(
            .began(
                ready: numbers(.ready), starting: numbers(.ordered, .launched), draining: numbers(.draining, .stopping)),
            at: now)
    }

    private func numbers(_ phases: JournalReplica.Phase...) -> [ReplicaID] {
        ordered.filter { phases.contains($0.phase) }.map { ReplicaID($0.number) }
    }

    /// Another policy, other bounds: decisions go on with what runs and what was learned of starts. The policy begins anew. The
    /// same plan changes nothing.
    mutating func replace(_ plan: WorkloadPlan, operation: ControlOperation, at now: Instant) -> [ControllerEffect] {
        guard !plan.isSame(as: self.plan) else { return [] }
        self.plan = plan
        machine = ControlMachine(plan, memory: machine.memoryForAnotherPolicy)
        machine.prepare(operation, at: now)
        return control(.reconfigured(plan.workload), at: now) + takeUp(at: now) + [tellFleet]
    }

    // MARK: Control

    /// People changed the mode, or froze or thawed.
    mutating func operate(_ operation: ControlOperation, at now: Instant) -> [ControllerEffect] {
        guard !isEnding else { return [] }
        let effects = carryOut(machine.operate(operation, at: now), at: now)
        return remember(at: now) + effects
    }

    /// Hands the machine an event and turns what it wants into effects.
    mutating func control(_ event: ControlEvent, at now: Instant) -> [ControllerEffect] {
        guard !isEnding else { return [] }
        let directives = machine.on(event, at: now)
        // Most observations change nothing that a decision will not write down soon.
        if case .observed = event, directives.isEmpty { return [] }
        let effects = carryOut(directives, at: now)
        return remember(at: now) + effects + tellEngineTimes()
    }

    /// Dispatch goes by what was learned of the engines, and people may want to know.
    private mutating func tellEngineTimes() -> [ControllerEffect] {
        let times = machine.engineTimes
        guard times != toldEngineTimes else { return [] }
        toldEngineTimes = times
        let notice = Notice(.info, "Engines take other times than their profile", workload: id, detail: "\(times)")
        return [tellFleet, .notice(notice)]
    }

    /// The machine's memory goes to the journal with each change, before its orders are carried out.
    private mutating func remember(at now: Instant) -> [ControllerEffect] {
        guard machine.core != lastCore else { return [] }
        lastCore = machine.core
        let entry = ControllerEffect.journal(
            .control(workload: id.description, core: machine.core), isOrder: false)
        guard now.seconds - (lastLearnedAt?.seconds ?? now.seconds) >= WorkloadController.learnedInterval else {
            lastLearnedAt = lastLearnedAt ?? now
            return [entry]
        }
        lastLearnedAt = now
        return [entry, .learned(id, machine.learned)]
    }

    private mutating func carryOut(_ directives: [ControlDirective], at now: Instant) -> [ControllerEffect] {
        var effects: [ControllerEffect] = []
        for directive in directives { effects += carryOut(directive, at: now) }
        return effects
    }

    private mutating func carryOut(_ directive: ControlDirective, at now: Instant) -> [ControllerEffect] {
        switch directive {
        case .start(let replica, _): return start(replica, at: now)
        case .cancel(let replica, _): return cancel(replica, at: now)
        case .drainOne: return drainOne(at: now)
        case .scheduleTimer(let generation, let instant):
            return [.schedule(.decision(id, generation: generation), at: instant)]
        case .record(let record):
            lastDecision = record
            return [.decided(DecidedRecord(workload: id, record: record, isActedOn: machine.isLetAct))]
        case .advise(let record):
            let advice = "\(record.desired) replicas instead of \(record.current), for: \(record.reason.rawValue)"
            return [.notice(Notice(.info, "Advice", workload: id, detail: advice))]
        }
    }

    private mutating func start(_ id: ReplicaID, at now: Instant) -> [ControllerEffect] {
        let replica = JournalReplica(
            workload: self.id.description, number: id.number, variant: plan.variant.description, phase: .ordered,
            orderedAt: now.seconds)
        replicas[id.number] = replica
        return [
            .journal(.replica(replica), isOrder: true),
            .notice(Notice(.info, "Starting a replica", replica: replica.name)),
            .start(StartOrder(name: replica.name, variant: plan.variant)),
        ]
    }

    private mutating func cancel(_ id: ReplicaID, at now: Instant) -> [ControllerEffect] {
        guard let entry = move(id.number, to: .stopping) else {
            // Nothing is left of it.
            return control(.outcome(.stopped(id)), at: now)
        }
        givenUp.insert(id.number)
        let name = ReplicaName(self.id, id)
        return [entry, .notice(Notice(.info, "Giving up a start", replica: name)), .cancel(name)]
    }

    /// Notes how far a replica has come; nil when there is none of that number.
    private mutating func move(
        _ number: Int, to phase: JournalReplica.Phase, isOrder: Bool = true
    ) -> ControllerEffect? {
        guard var replica = replicas[number] else { return nil }
        replica.phase = phase
        replicas[number] = replica
        return .journal(.replica(replica), isOrder: isOrder)
    }

    private mutating func drainOne(at now: Instant) -> [ControllerEffect] {
        openDrains += 1
        guard isGatewayConnected else { return [] }
        return [.tellGateway(.drainOne(workload: id.description))] + awaitDrainAnswer(at: now)
    }

    private mutating func awaitDrainAnswer(at now: Instant) -> [ControllerEffect] {
        drainGeneration += 1
        return [
            .schedule(
                .drainAnswer(id, generation: drainGeneration), at: now + WorkloadController.drainAnswerDeadline)
        ]
    }
}

// MARK: The gateway

extension WorkloadController {
    /// A connection was made: the gateway learns all, and what it began while nobody listened is taken over.
    mutating func gatewayConnected(_ known: FleetUpdate?, at now: Instant) -> [ControllerEffect] {
        isGatewayConnected = true
        var effects: [ControllerEffect] = []
        for address in known?.replicas ?? [] {
            guard let replica = replicas[address.number], let record = replica.record,
                record.host == address.host, record.port == address.port
            else { continue }
            // It was ready once, whether that was written down or not; the probe will say if it no longer is.
            if replica.phase == .launched { effects += becameReady(record, at: now) }
            if address.isDraining { effects += drainBegan(address.number, at: now) }
        }
        effects.append(tellFleet)
        guard openDrains > 0, !isEnding else { return effects }
        effects += (0..<openDrains).map { _ in .tellGateway(.drainOne(workload: id.description)) }
        return effects + awaitDrainAnswer(at: now)
    }

    mutating func sampled(_ sample: GatewaySample, at now: Instant) -> [ControllerEffect] {
        lastSample = sample
        let view = ClusterSnapshot.WorkloadView(
            id: id, sample: .value(counters.sample(sample), at: Instant(seconds: sample.time)),
            replicas: .value(seen, at: now))
        return control(.observed(ClusterSnapshot(at: now, workloads: [view])), at: now)
    }

    /// The replicas as the actuator has them.
    private var seen: [Replica] {
        ordered.map { replica in
            let state: ReplicaState =
                switch replica.phase {
                case .ordered: .requested
                case .launched: .starting
                case .ready: .ready
                case .draining, .stopping: .draining
                }
            return Replica(id: ReplicaID(replica.number), state: state)
        }
    }

    mutating func drainBegan(_ number: Int, at now: Instant) -> [ControllerEffect] {
        guard replicas[number]?.phase == .ready, let entry = move(number, to: .draining) else { return [] }
        openDrains = max(openDrains - 1, 0)
        let name = ReplicaName(id, ReplicaID(number))
        let timer = ControllerEffect.schedule(.drainDeadline(name), at: now + plan.drainDeadline)
        return [entry, .notice(Notice(.info, "Draining a replica", replica: name)), timer]
            + control(.outcome(.drainBegan(ReplicaID(number))), at: now)
    }

    /// The gateway has no replica to drain: Control takes the order back, and gives it again where it is still due.
    mutating func drainRefused(_ reason: String, at now: Instant) -> [ControllerEffect] {
        guard openDrains > 0 else { return [] }
        openDrains -= 1
        return [.notice(Notice(.warning, "The gateway could not drain a replica", workload: id, detail: reason))]
            + control(.outcome(.drainRefused), at: now)
    }

    /// Nothing is in flight on it any more: it is stopped. Hearing it twice changes nothing.
    mutating func drained(_ number: Int) -> [ControllerEffect] {
        guard replicas[number]?.phase == .draining, let entry = move(number, to: .stopping) else { return [] }
        let name = ReplicaName(id, ReplicaID(number))
        return [entry, .notice(Notice(.info, "Stopping a drained replica", replica: name)), .stop(name, deadline: nil)]
    }

    mutating func drainDeadlinePassed(_ number: Int) -> [ControllerEffect] {
        guard replicas[number]?.phase == .draining else { return [] }
        let notice = Notice(
            .warning, "A drain took too long: the replica is stopped with requests in flight",
            replica: ReplicaName(id, ReplicaID(number)))
        return [.notice(notice)] + drained(number)
    }

    /// The gateway did not choose: the newest replica goes.
    mutating func drainAnswerMissing(generation: Int, at now: Instant) -> [ControllerEffect] {
        guard generation == drainGeneration, openDrains > 0, isGatewayConnected, !isEnding else { return [] }
        var effects: [ControllerEffect] = []
        for replica in ordered.reversed().filter({ $0.phase == .ready }).prefix(openDrains) {
            effects += drainBegan(replica.number, at: now)
        }
        openDrains = 0
        return effects + [tellFleet]
    }
}

// MARK: The actuator

extension WorkloadController {
    mutating func outcome(_ outcome: ActuatorOutcome, at now: Instant) -> [ControllerEffect] {
        let number = outcome.name.replica.number
        guard let replica = replicas[number] else {
            guard case .launched(let record) = outcome, plan.isWatched, !isEnding else { return [] }
            return adopt(record, saying: "A server is watched") + takeUp(at: now)
        }
        switch outcome {
        case .launched(let record): return launched(replica, record)
        case .ready(let record): return becameReady(record, at: now)
        case .unready(_, let reason): return becameUnready(replica, reason, at: now)
        case .failed(_, let reason):
            return [.notice(Notice(.warning, "A start failed", replica: replica.name, detail: reason))]
                + gone(number, .startFailed(ReplicaID(number)), at: now)
        case .noCapacity(_, let reason):
            return [.notice(Notice(.warning, "There is no room for a replica", replica: replica.name, detail: reason))]
                + gone(number, .noCapacity(ReplicaID(number)), at: now)
        case .stopped where plan.isWatched: return forget(replica, at: now)
        case .stopped:
            return [.notice(Notice(.info, "A replica is gone as ordered", replica: replica.name))]
                + gone(number, .stopped(ReplicaID(number)), at: now)
        case .lost(_, let reason):
            return [
                .notice(Notice(.warning, "A replica is gone without an order", replica: replica.name, detail: reason))
            ]
                + gone(number, .lost(ReplicaID(number)), at: now)
        }
    }

    private mutating func launched(_ replica: JournalReplica, _ record: ReplicaRecord) -> [ControllerEffect] {
        var replica = replica
        replica.record = record
        if replica.phase == .ordered { replica.phase = .launched }
        replicas[replica.number] = replica
        return [.journal(.replica(replica), isOrder: false)]
    }

    private mutating func becameReady(_ record: ReplicaRecord, at now: Instant) -> [ControllerEffect] {
        let number = record.name.replica.number
        guard var replica = replicas[number], replica.phase != .ready, replica.phase != .draining,
            replica.phase != .stopping || (givenUp.remove(number) != nil && !isEnding)
        else { return [] }
        let isFirst = replica.phase != .stopping
        replica.record = record
        replica.phase = .ready
        replicas[number] = replica
        let seconds = now.seconds - replica.orderedAt
        return [
            .journal(.replica(replica), isOrder: false), tellFleet,
            .notice(
                Notice(
                    .info, "A replica is ready", replica: replica.name,
                    detail: isFirst
                        ? "\((seconds * 10).rounded() / 10) s after its order" : "its start had been given up")),
        ] + (plan.isWatched ? takeUp(at: now) : control(.outcome(.ready(ReplicaID(number))), at: now))
    }

    private mutating func becameUnready(
        _ replica: JournalReplica, _ reason: String, at now: Instant
    ) -> [ControllerEffect] {
        guard replica.phase == .ready, let entry = move(replica.number, to: .launched, isOrder: false) else {
            return []
        }
        return [
            entry, tellFleet, .notice(Notice(.warning, "A server is not ready", replica: replica.name, detail: reason)),
        ] + takeUp(at: now)
    }

    /// A server that is watched no more: nothing was ordered, so nothing is answered.
    private mutating func forget(_ replica: JournalReplica, at now: Instant) -> [ControllerEffect] {
        replicas[replica.number] = nil
        return [
            tellFleet, .journal(.gone(workload: id.description, replica: replica.number), isOrder: false),
            .notice(Notice(.info, "A server is watched no more", replica: replica.name)),
        ] + takeUp(at: now)
    }

    /// Nothing is left of it: the gateway is told first.
    private mutating func gone(
        _ number: Int, _ outcome: ActionOutcome, at now: Instant
    ) -> [ControllerEffect] {
        let phase = replicas[number]?.phase
        replicas[number] = nil
        givenUp.remove(number)
        let wasKnown = phase == .ready || phase == .draining || phase == .stopping
        return (wasKnown ? [tellFleet] : [])
            + [.journal(.gone(workload: id.description, replica: number), isOrder: false)]
            + control(.outcome(outcome), at: now)
    }
}

// MARK: The end

extension WorkloadController {
    /// Gives up what starts, and drains what is ready. Watched servers are only forgotten.
    mutating func end(at now: Instant) -> [ControllerEffect] {
        isEnding = true
        openDrains = 0
        guard !plan.isWatched else {
            replicas = [:]
            return []
        }
        var effects: [ControllerEffect] = []
        for replica in ordered {
            switch replica.phase {
            case .ordered, .launched:
                if let entry = move(replica.number, to: .stopping) {
                    effects += [entry, .stop(replica.name, deadline: nil)]
                }
            case .ready:
                if let entry = move(replica.number, to: .draining) { effects.append(entry) }
            case .draining, .stopping: break
            }
        }
        return effects + [tellFleet]
    }

    /// Stops what drains, without waiting for it.
    mutating func endNow(deadline: Duration?) -> [ControllerEffect] {
        ordered.flatMap { replica -> [ControllerEffect] in
            guard let entry = move(replica.number, to: .stopping) else { return [] }
            return [entry, .stop(replica.name, deadline: deadline)]
        }
    }
}
