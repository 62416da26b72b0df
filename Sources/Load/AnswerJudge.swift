internal import Fleet

/// What was measured of one whole answer. Times are seconds from when the request was due, not from when it was sent.
struct AnswerTimes: Hashable, Sendable {
    var firstToken: Double
    var lastToken: Double
    /// The last byte.
    var end: Double
    var outputTokens: Int

    /// Mean time between tokens; 0 for a single token.
    var meanITL: Double { outputTokens > 1 ? (lastToken - firstToken) / Double(outputTokens - 1) : 0 }
}

/// Says whether an answer was good: the rule of the backtest's judge, without its allowance for prompts whose prefill alone
/// takes half of the limit, because a client does not know how fast the server is.
struct AnswerJudge: Sendable {
    let objective: ServiceLevelObjective

    func isGood(_ times: AnswerTimes, promptTokens: Int) -> Bool {
        switch objective.limits {
        case .tokens(let ttft, let itl):
            let factor = promptTokens > ServiceLevelObjective.longPromptTokens ? 2.0 : 1.0
            return times.firstToken <= factor * ttft.seconds && times.meanITL <= itl.seconds
        case .latency(let limit):
            return times.end <= limit.seconds
        }
    }
}
