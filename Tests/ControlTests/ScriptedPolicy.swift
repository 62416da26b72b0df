import Control
import Fleet

/// Wants what it is told to, one number a decision, ten seconds apart; after the last it decides no more.
struct ScriptedPolicy: ScalingPolicy {
    let name = "scripted"
    var observationDelay = ObservationDelay.fixed(.zero)
    private var left: [Int]

    init(_ desired: [Int], delay: ObservationDelay = .fixed(.zero)) {
        left = desired
        observationDelay = delay
    }

    func nextDecision(after now: Instant, isFirst: Bool) -> Instant? {
        left.isEmpty ? nil : isFirst ? now : now + .seconds(10)
    }

    mutating func decide(_ input: PolicyInput) -> ScalingDecision { ScalingDecision(left.removeFirst(), .load) }
}

/// Wants what a rule makes of its input.
struct RulePolicy: ScalingPolicy {
    let name = "rule"
    let observationDelay: ObservationDelay
    let rule: @Sendable (PolicyInput) -> Int
    /// What the present load needs.
    var need: @Sendable (PolicyInput) -> Int? = { _ in nil }

    func presentNeed(_ input: PolicyInput) -> Int? { need(input) }

    func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { now + .seconds(10) }

    mutating func decide(_ input: PolicyInput) -> ScalingDecision { ScalingDecision(rule(input), .forecast) }
}

/// An order without the identity of its action, in the words of these tests.
enum Order: Hashable {
    case start(ReplicaID)
    case cancel(ReplicaID)
    case drainOne

    /// Nil for what is no order.
    init?(_ directive: ControlDirective) {
        switch directive {
        case .start(let id, as: _): self = .start(id)
        case .cancel(let id, as: _): self = .cancel(id)
        case .drainOne(as: _): self = .drainOne
        case .scheduleTimer, .record, .advise: return nil
        }
    }
}

extension WorkloadID {
    static let example = WorkloadID("chat")
}

extension ControlMachine {
    /// Starts take 60 s and are given up after 100 s; idle for 300 s is long enough.
    static func example(
        _ policy: any ScalingPolicy, bounds: ReplicaBounds = ReplicaBounds(min: 1, max: 9), guards: ControlGuards = []
    ) -> ControlMachine {
        ControlMachine(
            policy: policy, workload: Workload(id: .example, bounds: bounds, idleTimeToZero: .seconds(300)),
            variant: VariantID("8b-a100"), guards: guards,
            startUp: StartUpExpectation(expected: .seconds(60), deadline: .seconds(100)))
    }
}

extension ClusterSnapshot {
    static func example(_ sample: WorkloadSample, replicas: [Replica]? = nil) -> ClusterSnapshot {
        ClusterSnapshot(
            at: sample.at,
            workloads: [
                .init(
                    id: .example, sample: .value(sample, at: sample.at),
                    replicas: replicas.map { .value($0, at: sample.at) } ?? .missing(.neverSeen))
            ])
    }
}

extension DecisionRecord {
    static func example(
        at now: Instant, proposed: Int, desired: Int, current: Int, ready: Int, reason: PlanReason
    ) -> DecisionRecord {
        let allocation = Allocation(
            workload: .example, variant: VariantID("8b-a100"), desired: desired, reasons: [reason])
        return DecisionRecord(
            at: now, proposed: proposed, plan: CapacityPlan(basedOn: nil, allocations: [allocation]),
            current: current, ready: ready)
    }
}

extension ControlDirective {
    /// The record, when it is one.
    var decision: DecisionRecord? {
        guard case .record(let record) = self else { return nil }
        return record
    }
}

/// A machine, its clock, and the timer that it asked for.
struct ControlStage {
    var machine: ControlMachine
    private(set) var now = Instant(seconds: 0)
    private(set) var timer: (generation: Int, at: Instant)?

    init(
        _ policy: any ScalingPolicy, ready: Int, bounds: ReplicaBounds = ReplicaBounds(min: 0, max: 100),
        guards: ControlGuards = []
    ) {
        machine = .example(policy, bounds: bounds, guards: guards)
        send(.began(ready: (0..<ready).map(ReplicaID.init)))
    }

    /// Sends an event now and remembers the timer that is asked for.
    @discardableResult
    mutating func send(_ event: ControlEvent) -> [ControlDirective] {
        let directives = machine.on(event, at: now)
        for case .scheduleTimer(let generation, let at) in directives { timer = (generation, at) }
        return directives
    }

    /// Lets the timer fire at its time.
    ///
    /// - Returns: the orders, and the record before them.
    mutating func decide() -> (orders: [Order], record: DecisionRecord?) {
        guard let due = timer else { return ([], nil) }
        timer = nil
        now = due.at
        let directives = send(.timerFired(generation: due.generation))
        return (directives.compactMap(Order.init), directives.lazy.compactMap(\.decision).first)
    }

    /// Lets time pass; timers fire when they are due.
    ///
    /// - Returns: the orders of that time.
    @discardableResult
    mutating func advance(to seconds: Double) -> [Order] {
        var orders: [Order] = []
        while let due = timer, due.at.seconds <= seconds {
            timer = nil
            now = due.at
            orders += send(.timerFired(generation: due.generation)).compactMap(Order.init)
        }
        now = Instant(seconds: seconds)
        return orders
    }

    /// Time passes, and what is seen then arrives at once.
    ///
    /// - Returns: the orders of that instant.
    @discardableResult
    mutating func observe(
        at seconds: Double, arrived: Int = 0, queued: Int = 0, running: Int = 0, replicas: [Replica]? = nil
    ) -> [ControlDirective] {
        advance(to: seconds)
        var sample = WorkloadSample(at: now)
        sample.arrivedRequests = arrived
        sample.queuedRequests = queued
        sample.runningRequests = running
        return send(.observed(.example(sample, replicas: replicas)))
    }

    /// A sample taken at `seconds` arrives.
    @discardableResult
    mutating func sample(at seconds: Double) -> [ControlDirective] {
        send(.observed(.example(WorkloadSample(at: Instant(seconds: seconds)))))
    }

    /// Desired, current, ready, starting, draining.
    var counts: [Int] {
        [
            machine.desiredCount, machine.currentCount, machine.readyCount, machine.startingCount,
            machine.drainingCount,
        ]
    }
}
