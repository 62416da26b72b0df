package import Fleet

/// Controls the replicas of one workload: keeps what was seen, asks the policy when it is time, and turns the difference
/// between desired and current into orders. The simulator and the daemon drive the same one.
package struct ControlMachine: Sendable {
    /// Samples missing for longer than this make the view stale.
    package static let staleAfter = Duration.seconds(10)
    /// A drain order that nobody answers for so long is void.
    package static let drainAnswerDeadline = Duration.seconds(60)
    /// A replica lost so soon after it became ready is a start that failed.
    package static let settledAfter = Duration.seconds(30)

    var policy: any ScalingPolicy
    let guards: ControlGuards
    package private(set) var workload: Workload
    let variant: VariantID
    private let startDeadline: Duration
    private(set) var samples = SampleHistory()
    /// What it knows besides samples and policy.
    package internal(set) var core: ControlCore

    /// - Parameters:
    ///   - policy: says how many replicas there should be.
    ///   - workload: whose replicas these are; its bounds are applied to what the policy says.
    ///   - variant: of the replicas.
    ///   - guards: protections around the policy; none for simulated peers.
    ///   - startUp: what is known of starts before any was seen.
    package init(
        policy: any ScalingPolicy, workload: Workload, variant: VariantID, guards: ControlGuards,
        startUp: StartUpExpectation = StartUpExpectation(expected: .seconds(60), deadline: .seconds(600))
    ) {
        self.policy = policy
        self.workload = workload
        self.variant = variant
        self.guards = guards
        startDeadline = startUp.deadline
        core = ControlCore(expectedStartUp: startUp.expected)
    }

    /// Goes on where another one was. Events then continue as if nothing had been; a shell that does not know what happened
    /// meanwhile sends `began` first.
    ///
    /// - Parameters:
    ///   - state: of the other one. What it remembers of another policy is left aside.
    ///   - policy: a fresh one, of the same settings.
    ///   - workload: as in `init`.
    ///   - variant: as in `init`.
    ///   - guards: as in `init`.
    ///   - startUp: as in `init`; what was learned counts more.
    package init<Policy: ScalingPolicy>(
        restoring state: ControlState<Policy.State>, policy: Policy, workload: Workload, variant: VariantID,
        guards: ControlGuards,
        startUp: StartUpExpectation = StartUpExpectation(expected: .seconds(60), deadline: .seconds(600))
    ) {
        var policy = policy
        if let remembered = state.policy, state.policyName == policy.stateName { policy.state = remembered }
        self.init(policy: policy, workload: workload, variant: variant, guards: guards, startUp: startUp)
        core = state.core
        samples = state.samples
    }

    /// All that must survive a restart: a `ControlState` of the policy's own state.
    package var state: any Codable & Sendable { Self.state(of: policy, core: core, samples: samples) }

    private static func state<Policy: ScalingPolicy>(
        of policy: Policy, core: ControlCore, samples: SampleHistory
    ) -> any Codable & Sendable {
        ControlState(
            core: core, samples: samples.kept(for: policy.memory), policyName: policy.stateName, policy: policy.state)
    }

    /// Ready replicas that no drain order has claimed.
    package var readyCount: Int { core.fleet.readyCount }
    package var startingCount: Int { core.fleet.starting.count }
    package var drainingCount: Int { core.fleet.drainingCount }
    /// Ready and starting: what `desired` is compared with.
    package var currentCount: Int { core.fleet.currentCount }
    package var desiredCount: Int { core.desired ?? currentCount }
    /// How long engines take, as far as the policy has learned that.
    package var engineTimes: EngineTimes { policy.engineTimes }

    /// Takes an event in and says what is to be done.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - now: when; never before an earlier call's.
    /// - Returns: directives, to be carried out in order.
    package mutating func on(_ event: ControlEvent, at now: Instant) -> [ControlDirective] {
        switch event {
        case .began(let ready, let starting, let draining):
            return begin(AdoptedFleet(ready: ready, starting: starting, draining: draining), at: now)
        case .observed(let snapshot): return observe(snapshot, at: now) + scheduleTimer(at: now)
        case .timerFired(let generation):
            guard generation == core.timerGeneration else { return [] }
            core.timerAt = nil
            return superviseStarts(at: now) + decideWhenDue(at: now) + scheduleTimer(at: now)
        case .outcome(let outcome): return take(outcome, at: now) + scheduleTimer(at: now)
        case .modeChanged(let mode):
            core.mode = mode
            return fill(at: now) + scheduleTimer(at: now)
        case .frozen:
            core.isFrozen = true
            return scheduleTimer(at: now)
        case .thawed:
            core.isFrozen = false
            core.secondWriter.forgive()
            return fill(at: now) + scheduleTimer(at: now)
        case .reconfigured(let workload):
            precondition(workload.id == self.workload.id, "\(workload.id) is not \(self.workload.id)")
            self.workload = workload
            core.desired = core.desired.map(workload.bounds.clamp)
            return fill(at: now) + scheduleTimer(at: now)
        }
    }

    private mutating func begin(_ found: AdoptedFleet, at now: Instant) -> [ControlDirective] {
        let repeated = core.fleet.adopt(found, core.startUpTimes.estimate, deadline: startDeadline, at: now)
        core.timerAt = nil
        let isRestart = core.hasBegun
        core.hasBegun = true
        if !isRestart { core.nextDecisionAt = policy.nextDecision(after: now, isFirst: true) }
        let missing = isRestart ? fill(at: now) : startMinimum(at: now)
        return (isActing(at: now) ? repeated : []) + missing + scheduleTimer(at: now)
    }

    mutating func start(at now: Instant) -> ControlDirective {
        core.fleet.start(core.startUpTimes.estimate, deadline: startDeadline, at: now)
    }

    /// Keeps a sample; false when it is not newer than the last. Counters that fell begin a new history: their source began anew.
    mutating func keep(_ sample: WorkloadSample) -> Bool {
        if samples.count > 0, sample.at > samples[samples.count - 1].at,
            sample.arrivedRequests < samples[samples.count - 1].arrivedRequests
        {
            samples = SampleHistory()
        }
        return samples.append(sample)
    }
}

// MARK: Timers

extension ControlMachine {
    private mutating func decideWhenDue(at now: Instant) -> [ControlDirective] {
        guard let due = core.nextDecisionAt, due <= now else { return [] }
        let directives = decide(at: now)
        let next = policy.nextDecision(after: now, isFirst: false)
        if let next {
            precondition(
                next > now, "\(policy.name) wants its next decision at \(next.seconds), not after \(now.seconds)")
        }
        core.nextDecisionAt = next
        return directives
    }

    /// Asks to be woken for the next decision, or for what is due before it.
    private mutating func scheduleTimer(at now: Instant) -> [ControlDirective] {
        guard let wake = ([core.nextDecisionAt].compactMap { $0 } + wakeUps(at: now)).min() else { return [] }
        let due = max(wake, now)
        guard due != core.timerAt else { return [] }
        core.timerGeneration += 1
        core.timerAt = due
        return [.scheduleTimer(generation: core.timerGeneration, at: due)]
    }

    /// Deadlines of starts, and the end of a wait before the next ones.
    private func wakeUps(at now: Instant) -> [Instant] {
        guard guards.contains(.supervisedStarts), isActing(at: now) else { return [] }
        return [core.failedStarts.retryAt, core.refusedStarts.retryAt].compactMap { $0 }
            + core.fleet.starting.map(\.deadline)
    }
}
