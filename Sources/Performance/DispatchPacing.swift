package import Fleet

/// How much prefill a replica may take in so that those that decode there keep the objective between tokens, and until when
/// each request must have its first token: what dispatch in the order `slo` needs to know of a profile (docs/dispatch.md).
///
/// An iteration without prefill takes `tau = c0 + c1 n + c2 K`. If it may take `T` on average, a second has room for
/// `1 - tau / T` seconds of prefill. Prefill taken in beyond that is a debt, which this room pays off; a replica takes in the
/// next prompt when its debt is at most `A`. The more requests decode, the slower prompts come in, and none do where `tau`
/// reaches `T`: batch size and prefill need no limits of their own, and nobody has to know how long answers will be.
package struct DispatchPacing: Hashable, Sendable {
    /// `T` over the objective between tokens, where trials found nothing better: means over short answers scatter.
    package static let defaultShare = 0.95
    /// `A` in tokens' time: an answer of a few tokens meets at most so much prefill beyond its room.
    package static let debtTokens = 2.0

    private let prefill: PrefillCost
    /// Seconds from the arrival to the first token.
    private let ttft: Double
    /// What an iteration may take on average, in seconds (`T`); infinite without an objective between tokens.
    package let tokenSeconds: Double
    /// Prefill beyond the iterations' room with which a replica still takes in more, in seconds (`A`).
    package let debtSeconds: Double
    /// Seconds of prefill accepted in advance: what one iteration does. More would wait in the replica, where it cannot be
    /// passed over any more.
    package let backlogSeconds: Double

    /// - Parameters:
    ///   - profile: of the replicas.
    ///   - limits: what is promised.
    ///   - share: of the objective between tokens, above 0 and at most 1; nil takes `defaultShare`.
    package init(profile: PerformanceProfile, limits: ServiceLevelObjective.Limits, share: Double? = nil) {
        let share = share ?? Self.defaultShare
        precondition(share > 0 && share <= 1, "a share of the time between tokens is above 0 and at most 1")
        prefill = profile.prefillCost
        backlogSeconds = min(profile.backlogSeconds, profile.mixedIterationPrefill)
        switch limits {
        case .tokens(let ttft, let itl):
            self.ttft = ttft.seconds
            tokenSeconds = itl.seconds * share
            debtSeconds = Self.debtTokens * itl.seconds
        case .latency(let latency):
            // A service answers with its second token, one iteration after the first.
            ttft = latency.seconds - profile.c0
            tokenSeconds = .infinity
            debtSeconds = .infinity
        }
    }

    /// Seconds from a request's arrival within which its first token is in time.
    package func firstTokenLimit(promptTokens: Double, uncachedTokens: Double) -> Double {
        prefill.ttftLimit(promptTokens: promptTokens, uncachedTokens: uncachedTokens, ttft: ttft)
    }

    /// Seconds of prefill of a request.
    package func prefillSeconds(uncachedTokens: Double) -> Double { prefill.seconds(uncachedTokens: uncachedTokens) }
}
