internal import Fleet

/// How a request ended, in the figures that are counted.
struct ExchangeOutcome: Sendable {
    var status: Int
    /// Why the gateway ended it; nil when the replica answered to the end.
    var refusal: Refusal?
    var bodyBytes = 0
    var promptTokens = 0
    /// As the engine stated them.
    var statedPromptTokens: Int?
    var outputTokens = 0
    /// From arrival to the first byte with content, for streams.
    var firstTokenSeconds: Double?
    /// Mean time between the events of a stream with two or more.
    var interTokenSeconds: Double?
    /// From arrival to the last byte.
    var durationSeconds = 0.0

    /// Whether an answer kept its limits. One that came whole has the time that a stream of as many tokens has.
    func isGood(_ objective: ServiceLevelObjective) -> Bool {
        switch objective.limits {
        case .latency(let limit): return durationSeconds <= limit.seconds
        case .tokens(let ttft, let itl):
            let factor = promptTokens > ServiceLevelObjective.longPromptTokens ? 2.0 : 1.0
            guard let firstTokenSeconds else {
                let rest = itl.seconds * Double(max(outputTokens - 1, 0))
                return durationSeconds <= ttft.seconds * factor + rest
            }
            return firstTokenSeconds <= ttft.seconds * factor && (interTokenSeconds ?? 0) <= itl.seconds
        }
    }
}
