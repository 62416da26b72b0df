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

    /// The replicas that the present load, queued and running, needs whatever is to come; nil when the policy does not know.
    /// Asked at each observation by the reactive guard.
    func presentNeed(_ input: PolicyInput) -> Int?

    /// How long engines take, as far as it has learned that: dispatch in the order `slo` goes by it.
    var engineTimes: EngineTimes { get }

    /// What it remembers and must not forget in a restart.
    associatedtype State: Codable & Hashable & Sendable = NoPolicyState

    /// Setting it puts the policy back where it was.
    var state: State { get set }

    /// Of what `state` is: one that was kept under another name is not put back. By default the policy's name.
    var stateName: String { get }

    /// How far back it looks in the samples, whose replicas' own gauges it then needs of the newest alone; nil: at all of them.
    var memory: Duration? { get }
}

extension ScalingPolicy {
    package func presentNeed(_ input: PolicyInput) -> Int? { nil }
    package var engineTimes: EngineTimes { .profiled }
    package var stateName: String { name }
    package var memory: Duration? { nil }
}

extension ScalingPolicy where State == NoPolicyState {
    package var state: NoPolicyState {
        get { NoPolicyState() }
        set { _ = newValue }
    }
}

/// How old the samples are that a policy sees.
package enum ObservationDelay: Hashable, Sendable {
    /// The newest visible sample is this old at least (a scraper's interval and its adapter).
    case fixed(Duration)
    /// Samples arrive in batches: visible is what was taken up to the last multiple of this interval.
    case pushed(every: Duration)
    /// Whatever has reached the controller. A simulated run delivers samples this long after they were taken.
    case delivered(after: Duration)

    /// The newest instant that may be seen at `now`.
    package func horizon(at now: Instant) -> Instant {
        switch self {
        case .fixed(let delay): return now - delay
        case .pushed(let interval):
            let step = interval.seconds
            return Instant(seconds: (now.seconds / step).rounded(.down) * step)
        case .delivered: return now
        }
    }

    /// How long after it was taken a simulated sample reaches the controller.
    package var delivery: Duration {
        switch self {
        case .fixed, .pushed: .zero
        case .delivered(let delay): delay
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
    /// How long starts take, as learned; nil when nobody learns it.
    package var startUp: StartUpEstimate?
    /// The most that the present load has needed since the last decision, by `presentNeed`; 0 when nobody asked.
    package var presentNeedMax = 0

    package init(
        now: Instant, samples: SampleView, desired: Int, ready: Int, starting: Int, draining: Int,
        bounds: ReplicaBounds, startUp: StartUpEstimate? = nil
    ) {
        self.now = now
        self.samples = samples
        self.desired = desired
        self.ready = ready
        self.starting = starting
        self.draining = draining
        self.bounds = bounds
        self.startUp = startUp
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
