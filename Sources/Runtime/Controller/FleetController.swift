internal import Control
package import Fleet
internal import Link

/// All workloads of a daemon: gives each its events, and handles what concerns them all. A value without input or output, so
/// that a test may drive it by any clock.
package struct FleetController: Sendable {
    /// On a stop, a gateway that is not connected has this long to come, as it may hold requests.
    package static let shutdownGrace = Duration.seconds(1)
    /// After the deadline of a stop, replicas have this long to go politely.
    package static let lastWords = Duration.seconds(2)

    /// Those with which it begins.
    private var plans: [WorkloadPlan]
    /// By id.
    private(set) var workloads: [WorkloadID: WorkloadController] = [:]
    /// Configured no more; they go when they are empty.
    private var retiring: Set<WorkloadID> = []
    package private(set) var operation: ControlOperation
    package private(set) var isGatewayConnected = false
    private var isShuttingDown = false
    private var hasFinished = false

    /// - Parameters:
    ///   - plans: the workloads, each once.
    ///   - operation: the mode in which it begins, and whether it is frozen.
    package init(plans: [WorkloadPlan], operation: ControlOperation) {
        self.operation = operation
        self.plans = plans
    }

    private var ids: [WorkloadID] { workloads.keys.sorted() }

    /// Takes over what an earlier controller left.
    ///
    /// - Parameters:
    ///   - journal: what it wrote down.
    ///   - learned: what it kept of each workload.
    ///   - running: what really runs.
    ///   - now: the instant.
    /// - Returns: effects, in order. What belongs to no workload any more is stopped.
    package mutating func begin(
        journal: JournalState, learned: [WorkloadID: [UInt8]], running: [ReplicaRecord], at now: Instant
    ) -> [ControllerEffect] {
        var effects: [ControllerEffect] = []
        for plan in plans {
            let memory = ControlMemory(core: journal.cores[plan.id.description], learned: learned[plan.id])
            workloads[plan.id] = WorkloadController(plan, memory: memory)
        }
        let operation = operation
        effects += withAll { workload in
            let id = workload.id
            return workload.begin(
                known: journal.replicas(of: id), running: running.filter { $0.name.workload == id },
                operation: operation, at: now)
        }
        let names = Set(workloads.keys.map(\.description))
        let owners = Set(journal.replicas.values.map(\.workload)).union(journal.cores.keys)
        effects += owners.subtracting(names).sorted().map { .journal(.forgotten(workload: $0), isOrder: false) }
        for record in running where workloads[record.name.workload] == nil {
            effects += [
                .notice(
                    Notice(.warning, "Stopping a replica of a workload that is not configured", replica: record.name)),
                .stop(record.name, deadline: nil),
            ]
        }
        return effects
    }

    /// Takes an input in and says what is to be done.
    ///
    /// - Parameters:
    ///   - input: what happened.
    ///   - now: when; never before an earlier call's.
    /// - Returns: effects, to be carried out in order.
    package mutating func on(_ input: ControllerInput, at now: Instant) -> [ControllerEffect] {
        let effects: [ControllerEffect] =
            switch input {
            case .gateway(let message): gateway(message, at: now)
            case .gatewayGone: gatewayGone(at: now)
            case .outcome(let outcome): with(outcome.name.workload) { $0.outcome(outcome, at: now) }
            case .timer(let timer): fired(timer, at: now)
            case .freeze(let isFrozen): operate(at: now) { $0.isFrozen = isFrozen }
            case .mode(let mode): operate(at: now) { $0.mode = mode }
            case .plans(let plans): replace(plans, at: now)
            case .shutDown(let deadline): shutDown(deadline: deadline, at: now)
            case .hardStop: stopAll(deadline: .zero)
            }
        return effects + leave()
    }

    @discardableResult
    private mutating func with(
        _ id: WorkloadID, _ body: (inout WorkloadController) -> [ControllerEffect]
    ) -> [ControllerEffect] {
        guard var workload = workloads.removeValue(forKey: id) else { return [] }
        defer { workloads[id] = workload }
        return body(&workload)
    }

    private mutating func withAll(_ body: (inout WorkloadController) -> [ControllerEffect]) -> [ControllerEffect] {
        var effects: [ControllerEffect] = []
        for id in ids { effects += with(id, body) }
        return effects
    }

    // MARK: The gateway

    private mutating func gateway(_ message: GatewayMessage, at now: Instant) -> [ControllerEffect] {
        switch message {
        case .hello(_, let fleet):
            isGatewayConnected = true
            return [.notice(Notice(.info, "Connected to the gateway"))]
                + withAll { workload in
                    let name = workload.id.description
                    return workload.gatewayConnected(fleet.first { $0.workload == name }, at: now)
                } + forgetUnknown(fleet)
        case .sample(let sample): return with(WorkloadID(sample.workload)) { $0.sampled(sample, at: now) }
        case .drainBegan(let name, let number): return with(WorkloadID(name)) { $0.drainBegan(number, at: now) }
        case .drainRefused(let name, let reason): return with(WorkloadID(name)) { $0.drainRefused(reason, at: now) }
        case .drained(let name, let number): return with(WorkloadID(name)) { $0.drained(number) }
        case .ejected(let name, let number, let reason):
            let replica = ReplicaName(WorkloadID(name), ReplicaID(number))
            return [
                .notice(
                    Notice(.warning, "The gateway sends a replica nothing for now", replica: replica, detail: reason))
            ]
        }
    }

    /// What the gateway has of workloads that are not here is gone.
    private func forgetUnknown(_ fleet: [FleetUpdate]) -> [ControllerEffect] {
        fleet.filter { workloads[WorkloadID($0.workload)] == nil && !$0.replicas.isEmpty }.map {
            .tellGateway(.fleet(FleetUpdate(workload: $0.workload, replicas: [])))
        }
    }

    /// While it is away nothing can be in flight that could be waited for, once a stop has begun.
    private mutating func gatewayGone(at now: Instant) -> [ControllerEffect] {
        let wasConnected = isGatewayConnected
        isGatewayConnected = false
        for id in ids { workloads[id]?.isGatewayConnected = false }
        guard wasConnected else { return [] }
        let notice = ControllerEffect.notice(Notice(.warning, "The connection to the gateway ended; it is tried again"))
        return isShuttingDown ? stopAll(deadline: nil) : [notice]
    }

    // MARK: Time

    private mutating func fired(_ timer: ControllerTimer, at now: Instant) -> [ControllerEffect] {
        switch timer {
        case .decision(let id, let generation):
            return with(id) { $0.control(.timerFired(generation: generation), at: now) }
        case .drainAnswer(let id, let generation):
            return with(id) { $0.drainAnswerMissing(generation: generation, at: now) }
        case .drainDeadline(let name): return with(name.workload) { $0.drainDeadlinePassed(name.replica.number) }
        case .shutdownGrace: return isGatewayConnected ? [] : stopAll(deadline: nil)
        case .shutdownDeadline:
            return [
                .notice(Notice(.warning, "The deadline of the stop has passed: replicas are stopped with requests"))
            ]
                + stopAll(deadline: FleetController.lastWords)
        }
    }

    // MARK: People

    private mutating func operate(
        at now: Instant, _ change: (inout ControlOperation) -> Void
    ) -> [ControllerEffect] {
        var changed = operation
        change(&changed)
        guard changed != operation else { return [] }
        operation = changed
        return [.journal(.operation(Operation(changed)), isOrder: true)]
            + withAll { $0.operate(changed, at: now) }
    }

    private mutating func replace(_ plans: [WorkloadPlan], at now: Instant) -> [ControllerEffect] {
        guard !isShuttingDown else { return [] }
        var effects: [ControllerEffect] = []
        let kept = Set(plans.map(\.id))
        for id in ids where !kept.contains(id) && !retiring.contains(id) {
            retiring.insert(id)
            effects.append(
                .notice(Notice(.info, "A workload is configured no more; its replicas are drained", workload: id)))
            effects += with(id) { $0.end(at: now) }
        }
        let operation = operation
        for plan in plans.sorted(by: { $0.id < $1.id }) {
            effects +=
                workloads[plan.id] == nil || retiring.contains(plan.id)
                ? add(plan, at: now) : with(plan.id) { $0.replace(plan, operation: operation, at: now) }
        }
        return effects
    }

    /// A workload that comes back while its old replicas drain waits for nothing: it begins with them draining.
    private mutating func add(_ plan: WorkloadPlan, at now: Instant) -> [ControllerEffect] {
        let known = workloads[plan.id]?.ordered ?? []
        retiring.remove(plan.id)
        var controller = WorkloadController(plan, memory: ControlMemory())
        controller.isGatewayConnected = isGatewayConnected
        let effects = controller.begin(
            known: known, running: known.compactMap(\.record), operation: operation, at: now)
        workloads[plan.id] = controller
        return [.notice(Notice(.info, "A workload is configured", workload: plan.id))] + effects
    }

    // MARK: The end

    private mutating func shutDown(deadline: Duration, at now: Instant) -> [ControllerEffect] {
        guard !isShuttingDown else { return [] }
        isShuttingDown = true
        return withAll { $0.end(at: now) } + [
            .schedule(.shutdownGrace, at: now + FleetController.shutdownGrace),
            .schedule(.shutdownDeadline, at: now + deadline),
        ]
    }

    private mutating func stopAll(deadline: Duration?) -> [ControllerEffect] {
        isShuttingDown = true
        return withAll { $0.endNow(deadline: deadline) }
    }

    /// Lets go of what is empty: a workload that was retired, or at the end the whole controller.
    private mutating func leave() -> [ControllerEffect] {
        var effects: [ControllerEffect] = []
        for id in retiring.sorted() where workloads[id]?.isEmpty == true {
            retiring.remove(id)
            workloads[id] = nil
            effects.append(.journal(.forgotten(workload: id.description), isOrder: false))
        }
        if isShuttingDown, !hasFinished, workloads.values.allSatisfy({ $0.isEmpty }) {
            hasFinished = true
            effects.append(.finished)
        }
        return effects
    }
}
