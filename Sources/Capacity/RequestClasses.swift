/// How long one request is.
package struct RequestLengths: Hashable, Sendable {
    /// Prompt, cached or not; at least 1.
    package var promptTokens: Double
    /// Prompt tokens to be prefilled, 1 ... promptTokens.
    package var uncachedTokens: Double
    /// Generated, at least 1.
    package var outputTokens: Double

    package init(promptTokens: Double, uncachedTokens: Double, outputTokens: Double) {
        self.promptTokens = promptTokens
        self.uncachedTokens = uncachedTokens
        self.outputTokens = outputTokens
    }
}

/// A workload's lengths, as capacity needs them: the means of the joint distribution, and both of its tails in classes.
///
/// Long prompts miss the time to the first token, short answers the time between tokens; so prompts are cut finely at the
/// long end, answers at the short one. Each class stands for the mean of its requests.
package struct RequestClasses: Hashable, Sendable {
    /// Requests with about as much to prefill.
    struct Prompts: Hashable, Sendable {
        /// Of all requests.
        var share: Double
        var uncachedTokens: Double
        /// Whether they have twice the time to the first token.
        var isLong: Bool
    }

    /// Requests with about as long an answer.
    struct Answers: Hashable, Sendable {
        /// Of all requests.
        var share: Double
        /// Tokens after the first.
        var decodedTokens: Double
        /// Tokens of prompt and answer, of those of a mean request.
        var relativeSize: Double
    }

    /// Requests after which prompts are cut, as shares.
    private static let promptCuts = [0.25, 0.5, 0.65, 0.75, 0.82, 0.88, 0.92, 0.95, 0.97, 0.98, 0.99, 0.995]
    private static let answerCuts = [0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.45, 0.6, 0.8]

    let prompts: [Prompts]
    let answers: [Answers]
    /// E[u], E[u^2] of uncached tokens.
    let uncachedMean: Double
    let uncachedSquareMean: Double
    /// Tokens after the first.
    let decodedMean: Double
    /// Tokens of context, and tokens of memory reserved, of a decoding request; means over decoded tokens.
    let contextMean: Double
    let reservedMean: Double
    /// Variance over squared mean of the tokens of prompt and answer.
    let sizeVariation: Double

    /// - Parameters:
    ///   - requests: not empty; a thousand or more tell the tails of 99 %.
    ///   - longPromptTokens: longer prompts have twice the time to the first token.
    package init(_ requests: [RequestLengths], longPromptTokens: Double) {
        precondition(!requests.isEmpty, "capacity needs requests")
        let count = Double(requests.count)
        func mean(_ value: (RequestLengths) -> Double) -> Double { requests.reduce(0) { $0 + value($1) } / count }
        uncachedMean = mean(\.uncachedTokens)
        uncachedSquareMean = mean { $0.uncachedTokens * $0.uncachedTokens }
        decodedMean = mean { $0.outputTokens - 1 }
        let decoded = max(decodedMean, .leastNormalMagnitude)
        contextMean = mean { ($0.outputTokens - 1) * ($0.promptTokens + ($0.outputTokens + 1) / 2) } / decoded
        reservedMean = mean { ($0.outputTokens - 1) * ($0.promptTokens + $0.outputTokens) } / decoded
        prompts = [false, true].flatMap { isLong in
            let some = requests.filter { ($0.promptTokens > longPromptTokens) == isLong }.map(\.uncachedTokens)
            return Self.cut(some.sorted(), at: Self.promptCuts).map {
                Prompts(share: Double($0.count) / count, uncachedTokens: Self.mean($0), isLong: isLong)
            }
        }
        func size(_ request: RequestLengths) -> Double { request.promptTokens + request.outputTokens }
        let sizeMean = mean(size)
        sizeVariation = mean { size($0) * size($0) } / (sizeMean * sizeMean) - 1
        // Equally long answers stay in their order, whatever their prompts.
        let byAnswer = requests.enumerated().sorted {
            ($0.element.outputTokens, $0.offset) < ($1.element.outputTokens, $1.offset)
        }.map(\.element)
        answers = Self.cut(byAnswer, at: Self.answerCuts).map { some in
            Answers(
                share: Double(some.count) / count, decodedTokens: Self.mean(some.map { $0.outputTokens - 1 }[...]),
                relativeSize: Self.mean(some.map(size)[...]) / sizeMean)
        }
    }

    private static func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

    /// The parts between the cuts that are not empty.
    private static func cut<Value>(_ sorted: [Value], at shares: [Double]) -> [ArraySlice<Value>] {
        var start = 0
        return (shares + [1]).compactMap { share in
            let end = Int((share * Double(sorted.count)).rounded())
            defer { start = max(start, end) }
            return end > start ? sorted[start..<end] : nil
        }
    }
}
