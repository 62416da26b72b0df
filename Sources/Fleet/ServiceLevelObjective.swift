/// What users of a workload are promised: limits for each request, and the share of requests that must keep them.
package struct ServiceLevelObjective: Hashable, Sendable {
    /// The limits of one request. It is good when all of them hold.
    package enum Limits: Hashable, Sendable {
        /// For generated text: time to first token, and mean time between tokens.
        ///
        /// The first holds for prompts of up to `longPromptTokens`; longer ones have twice the time.
        case tokens(ttft: Duration, itl: Duration)
        /// For other services: time from arrival to the whole answer.
        case latency(Duration)
    }

    /// Prompts above this length have twice the time to the first token (reference plant, section 5).
    package static let longPromptTokens = 4096

    package var limits: Limits
    /// The share of offered requests that must be good, above 0 and at most 1.
    package var attainmentTarget: Double

    /// - Parameters:
    ///   - limits: the limits of one request, each above zero.
    ///   - attainmentTarget: the share of offered requests that must be good, in (0, 1].
    package init(limits: Limits, attainmentTarget: Double = 0.99) {
        precondition(attainmentTarget > 0 && attainmentTarget <= 1, "attainment target outside (0, 1]")
        self.limits = limits
        self.attainmentTarget = attainmentTarget
    }

    /// Whether an answer counts as a whole: there are no tokens to wait for one by one.
    package var answersWhole: Bool {
        switch limits {
        case .tokens: false
        case .latency: true
        }
    }

    /// The objective of the reference plant: 1 s to the first token, 50 ms between tokens, 99 % of requests.
    package static let reference = ServiceLevelObjective(
        limits: .tokens(ttft: .seconds(1), itl: .milliseconds(50)))
}
