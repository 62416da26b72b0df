import Control
import Fleet
import Link
import Runtime

/// The daemon's controller of one workload, told what the simulator's was told.
struct DaemonReplay {
    private let plan: WorkloadPlan
    private var controller: FleetController

    init(_ plan: WorkloadPlan) {
        self.plan = plan
        controller = FleetController(plans: [plan], operation: ControlOperation(mode: .act))
    }

    /// What the controller wants done, as lines that compare with those of directives.
    mutating func on(_ event: ControlEvent, at now: Instant) -> [String] {
        effects(event, at: now).compactMap(line)
    }

    private mutating func effects(_ event: ControlEvent, at now: Instant) -> [ControllerEffect] {
        switch event {
        case .began(let ready, let starting, let draining):
            precondition(starting.isEmpty && draining.isEmpty, "a simulation begins with ready replicas")
            return begin(ready, at: now)
        case .observed(let snapshot):
            guard let sample = snapshot[plan.id]?.sample.freshValue else { return [] }
            return controller.on(.gateway(.sample(gatewaySample(sample))), at: now)
        case .outcome(let outcome): return take(outcome, at: now)
        case .timerFired(let generation):
            return controller.on(.timer(.decision(plan.id, generation: generation)), at: now)
        case .modeChanged(let mode): return controller.on(.mode(mode), at: now)
        case .frozen: return controller.on(.freeze(true), at: now)
        case .thawed: return controller.on(.freeze(false), at: now)
        case .reconfigured: return []
        }
    }

    private mutating func begin(_ ready: [ReplicaID], at now: Instant) -> [ControllerEffect] {
        var journal = JournalState()
        for id in ready {
            var replica = JournalReplica(
                workload: plan.id.description, number: id.number, variant: plan.variant.description, phase: .ready,
                orderedAt: now.seconds)
            replica.record = record(id, at: now)
            journal.apply(.replica(replica))
        }
        let effects = controller.begin(
            journal: journal, learned: [:], running: ready.map { record($0, at: now) }, at: now)
        return effects + controller.on(.gateway(.hello(version: 1, fleet: [])), at: now)
    }

    private mutating func take(_ outcome: ActionOutcome, at now: Instant) -> [ControllerEffect] {
        switch outcome {
        case .ready(let id): controller.on(.outcome(.ready(record(id, at: now))), at: now)
        case .startFailed(let id): controller.on(.outcome(.failed(name(id), reason: "")), at: now)
        case .noCapacity(let id): controller.on(.outcome(.noCapacity(name(id), reason: "")), at: now)
        case .drainBegan(let id):
            controller.on(.gateway(.drainBegan(workload: plan.id.description, replica: id.number)), at: now)
        case .drainRefused:
            controller.on(.gateway(.drainRefused(workload: plan.id.description, reason: "")), at: now)
        case .stopped(let id): controller.on(.outcome(.stopped(name(id))), at: now)
        case .lost(let id): controller.on(.outcome(.lost(name(id), reason: "")), at: now)
        }
    }

    private func name(_ id: ReplicaID) -> ReplicaName { ReplicaName(plan.id, id) }

    private func record(_ id: ReplicaID, at now: Instant) -> ReplicaRecord {
        ReplicaRecord(
            name: name(id), variant: plan.variant, host: "127.0.0.1", port: 4000 + id.number, orderedAt: now)
    }

    private func gatewaySample(_ sample: WorkloadSample) -> GatewaySample {
        var result = GatewaySample(workload: plan.id.description)
        result.time = sample.at.seconds
        result.arrivedRequests = sample.arrivedRequests
        result.arrivedPromptTokens = sample.arrivedPromptTokens
        result.finishedRequests = sample.finishedRequests
        result.finishedPromptTokens = sample.finishedPromptTokens
        result.timedTokens = sample.timedTokens
        result.decodeSeconds = sample.decodeSeconds
        result.finishedOutputTokens = sample.finishedOutputTokens
        result.goodRequests = sample.goodRequests ?? 0
        result.inFlightSeconds = sample.inFlightSeconds
        result.queuedRequests = sample.queuedRequests
        result.queuedPromptTokens = sample.queuedPromptTokens
        result.runningRequests = sample.runningRequests
        result.replicas = sample.replicas.map {
            GatewayReplicaSample(
                number: $0.id.number, isReady: $0.isReady, runningRequests: $0.runningRequests,
                reservedTokens: $0.reservedTokens)
        }
        return result
    }

    // MARK: Comparing

    /// One line for what Control said, and nil for what the daemon adds: records, messages, notices.
    private func line(_ effect: ControllerEffect) -> String? {
        switch effect {
        case .start(let order): "start \(order.name.replica.number)"
        case .cancel(let name): "cancel \(name.replica.number)"
        case .tellGateway(.drainOne): "drain"
        case .schedule(.decision(_, let generation), let instant): "timer \(generation) at \(instant.seconds)"
        case .decided(let decision): "\(decision.record)"
        case .journal, .tellGateway, .stop, .schedule, .learned, .notice, .finished: nil
        }
    }

    /// The same line of a directive.
    static func line(_ directive: ControlDirective) -> String {
        switch directive {
        case .start(let id, as: _): "start \(id.number)"
        case .cancel(let id, as: _): "cancel \(id.number)"
        case .drainOne: "drain"
        case .scheduleTimer(let generation, let instant): "timer \(generation) at \(instant.seconds)"
        case .record(let record), .advise(let record): "\(record)"
        }
    }
}
