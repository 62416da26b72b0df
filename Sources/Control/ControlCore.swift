internal import Fleet

/// What a controller knows besides samples and its policy: plain values, all of which survive a restart.
package struct ControlCore: Hashable, Sendable, Codable {
    package var mode = ControlMode.act
    package var isFrozen = false
    /// After guards and bounds; nil before the first decision.
    package var desired: Int?
    package var fleet = FleetLedger()
    package var startUpTimes: StartUpTimes
    var failedStarts = StartBackOff(secondsMax: 60)
    /// Asking again costs nothing, so the wait stays short.
    var refusedStarts = StartBackOff(secondsMax: 10)
    var secondWriter = SecondWriterWatch()
    /// When a request was last seen to arrive, wait or run; nil before the first sample.
    var lastActiveAt: Instant?
    /// The most that the present load has needed since the last decision.
    var presentNeedMax = 0
    var nextDecisionAt: Instant?
    var hasBegun = false
    var timerGeneration = 0
    /// When the timer that was asked for last fires; nil when it fired.
    var timerAt: Instant?

    init(expectedStartUp: Duration) { startUpTimes = StartUpTimes(expected: expectedStartUp) }

    /// Starts wait, because earlier ones failed or were refused.
    func startsWait(at now: Instant) -> Bool {
        failedStarts.isWaiting(at: now) || refusedStarts.isWaiting(at: now)
    }
}

/// Everything of a controller that must survive a restart. Instants are those of its shell, so the next shell counts from the
/// same origin.
package struct ControlState<PolicyState: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    package var core: ControlCore
    /// As many as the policy looks back on.
    package var samples: SampleHistory
    /// The policy's `stateName`.
    package var policyName: String
    /// Nil when it was written by another version: the policy begins anew, the fleet and all else go on.
    package var policy: PolicyState?

    init(core: ControlCore, samples: SampleHistory, policyName: String, policy: PolicyState) {
        self.core = core
        self.samples = samples
        self.policyName = policyName
        self.policy = policy
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        core = try container.decode(ControlCore.self, forKey: .core)
        samples = try container.decode(SampleHistory.self, forKey: .samples)
        policyName = try container.decode(String.self, forKey: .policyName)
        policy = try? container.decode(PolicyState.self, forKey: .policy)
    }
}

/// The state of a policy that remembers nothing worth keeping.
package struct NoPolicyState: Codable, Hashable, Sendable {
    package init() {}
}
