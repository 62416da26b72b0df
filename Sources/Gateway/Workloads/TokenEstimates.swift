/// What the gateway believes about tokens that it does not count itself, learned from what engines state.
struct TokenEstimates {
    /// The weight of a new measurement: the last fifty or so decide.
    private static let weight = 0.02

    /// Bytes of a request's body per token of its prompt; English text in JSON has about 4.
    private(set) var bytesPerToken = 4.0
    private(set) var outputTokens: Double

    /// - Parameter outputTokens: tokens of an answer, before any was seen.
    init(outputTokens: Int) { self.outputTokens = Double(outputTokens) }

    /// Tokens of a prompt, at least one.
    func promptTokens(bodyBytes: Int) -> Int { max(Int(Double(bodyBytes) / bytesPerToken), 1) }

    /// Learns from an answer.
    mutating func learn(bodyBytes: Int, promptTokens: Int?, outputTokens: Int) {
        if let promptTokens, promptTokens > 0, bodyBytes > 0 {
            // One token a byte is the most that there can be; beyond 1,000 bytes a token the body holds something else.
            let measured = min(max(Double(bodyBytes) / Double(promptTokens), 1), 1000)
            bytesPerToken += TokenEstimates.weight * (measured - bytesPerToken)
        }
        if outputTokens > 0 {
            self.outputTokens += TokenEstimates.weight * (Double(outputTokens) - self.outputTokens)
        }
    }
}
