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
    var replicas: [Int: JournalReplica] = [:]
    var lastSample: GatewaySample?
    private(set) var lastDecision: DecisionRecord?
    private var lastCore: ControlCore?
    private var lastLearnedAt: Instant?
    private var toldEngineTimes = EngineTimes.profiled
    var counters = CounterContinuity()
    /// Starts given up by Control: one that became ready all the same is ready. What was drained is not revived.
    var givenUp: Set<Int> = []
    /// Drain orders that the gateway has not answered.
    var openDrains = 0
    var drainGeneration = 0
    var isGatewayConnected = false
    /// No more decisions; what runs is drained and stopped.
    var isEnding = false

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
    mutating func adopt(
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
    mutating func takeUp(at now: Instant) -> [ControllerEffect] {
        control(
            .began(
                ready: numbers(.ready), starting: numbers(.ordered, .launched), draining: numbers(.draining, .stopping)),
            at: now)
    }

    private func numbers(_ phases: JournalReplica.Phase...) -> [ReplicaID] {
        ordered.filter { phases.contains($0.phase) }.map { ReplicaID($0.number) }
    }

    /// Another policy, other bounds: decisions go on with what runs, what was learned of starts, and what the policy knows, unless its
    /// `stateName` is another one now. The same plan changes nothing.
    mutating func replace(_ plan: WorkloadPlan, operation: ControlOperation, at now: Instant) -> [ControllerEffect] {
        guard !plan.isSame(as: self.plan) else { return [] }
        self.plan = plan
        machine = ControlMachine(plan, memory: machine.memory)
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
        let notice =
            times == .profiled
            ? Notice(.info, "Engines are taken to be as their profile says", workload: id)
            : Notice(.info, "Engines take other times than their profile", workload: id, detail: "\(times)")
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
    mutating func move(
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

    mutating func awaitDrainAnswer(at now: Instant) -> [ControllerEffect] {
        drainGeneration += 1
        return [
            .schedule(
                .drainAnswer(id, generation: drainGeneration), at: now + WorkloadController.drainAnswerDeadline)
        ]
    }
}
