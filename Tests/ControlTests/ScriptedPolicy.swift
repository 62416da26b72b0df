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

    func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { now + .seconds(10) }

    mutating func decide(_ input: PolicyInput) -> ScalingDecision { ScalingDecision(rule(input), .forecast) }
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
        machine = ControlMachine(policy: policy, bounds: bounds, guards: guards)
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
    mutating func decide() -> (orders: [ControlDirective], record: DecisionRecord?) {
        guard let due = timer else { return ([], nil) }
        timer = nil
        now = due.at
        let directives = send(.timerFired(generation: due.generation))
        let orders = directives.filter {
            switch $0 {
            case .start, .cancel, .drainOne: true
            case .scheduleTimer, .record: false
            }
        }
        return (orders, directives.lazy.compactMap(\.decision).first)
    }

    /// A sample taken at `seconds` arrives.
    mutating func sample(at seconds: Double) {
        send(.sampled(WorkloadSample(at: Instant(seconds: seconds))))
    }

    /// Desired, current, ready, starting, draining.
    var counts: [Int] {
        [
            machine.desiredCount, machine.currentCount, machine.readyCount, machine.startingCount,
            machine.drainingCount,
        ]
    }
}
