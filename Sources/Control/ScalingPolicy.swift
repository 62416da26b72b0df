package import Fleet

/// A rule that says how many replicas there should be. Tideway's own and its peers' are equal before it.
///
/// A policy is a value: it keeps its state in itself, reads no clock and draws no random number.
package protocol ScalingPolicy: Sendable {
    /// Its name in tables and options.
    var name: String { get }

    /// How old what it sees is.
    var observationDelay: ObservationDelay { get }

    /// The instant of its next decision.
    ///
    /// - Parameters:
    ///   - now: the instant of the decision just made, or of the start of the run (`isFirst`).
    ///   - isFirst: whether no decision was made yet.
    /// - Returns: an instant after `now` (or equal to it when `isFirst`); nil when it decides no more.
    func nextDecision(after now: Instant, isFirst: Bool) -> Instant?

    /// Decides. Bounds are applied afterwards, by the caller.
    mutating func decide(_ input: PolicyInput) -> ScalingDecision
}

/// How old the samples are that a policy sees.
package enum ObservationDelay: Hashable, Sendable {
    /// The newest visible sample is this old at least (a scraper's interval and its adapter).
    case fixed(Duration)
    /// Samples arrive in batches: visible is what was taken up to the last multiple of this interval.
    case pushed(every: Duration)

    /// The newest instant that may be seen at `now`.
    package func horizon(at now: Instant) -> Instant {
        switch self {
        case .fixed(let delay): return now - delay
        case .pushed(let interval):
            let step = interval.seconds
            return Instant(seconds: (now.seconds / step).rounded(.down) * step)
        }
    }
}

/// Everything that a decision may depend on.
package struct PolicyInput: Sendable {
    package var now: Instant
    /// Samples up to the observation delay.
    package var samples: SampleView
    /// What was desired last, after bounds.
    package var desired: Int
    /// Ready replicas now (the orchestrator's own count, without delay).
    package var ready: Int
    /// Ordered and not ready yet.
    package var starting: Int
    package var draining: Int
    package var bounds: ReplicaBounds

    package init(
        now: Instant, samples: SampleView, desired: Int, ready: Int, starting: Int, draining: Int, bounds: ReplicaBounds
    ) {
        self.now = now
        self.samples = samples
        self.desired = desired
        self.ready = ready
        self.starting = starting
        self.draining = draining
        self.bounds = bounds
    }

    /// Ready and starting replicas: what `desired` is compared with.
    package var current: Int { ready + starting }
}

/// What a policy wants, and why.
package struct ScalingDecision: Hashable, Sendable {
    package var desired: Int
    package var reason: PlanReason

    package init(_ desired: Int, _ reason: PlanReason) {
        self.desired = desired
        self.reason = reason
    }
}
