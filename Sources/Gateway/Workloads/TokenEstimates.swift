internal import Configuration

/// What the gateway believes about tokens that it does not count itself, learned from what engines state.
struct TokenEstimates {
    /// The weight of a new measurement: the last fifty or so decide.
    private static let weight = 0.02

    /// Of a request, before any was seen.
    private static let promptStart = (tokens: 1000.0, bytes: 4000.0)

    private var meanBytes = promptStart.bytes
    private var meanTokens = promptStart.tokens

    /// Bytes of all bodies per token of their prompts; English text in JSON has about 4. So all prompts together come out right:
    /// a mean of each body's own share would go by the small ones, most of whose bytes are no prompt.
    var bytesPerToken: Double { meanBytes / meanTokens }

    private(set) var outputTokens: Double
    private let isFixed: Bool

    /// - Parameter shape: what requests look like before any was seen; or always.
    init(_ shape: ExpectedShape) {
        outputTokens = Double(shape.outputTokens)
        isFixed = shape.isFixed
    }

    /// Tokens that an answer counts as. One that says nothing of tokens counts as an answer that does: none at all would be taken
    /// for no work.
    func outputTokens(of outcome: ExchangeOutcome) -> Int {
        let isSilent = outcome.outputTokens == 0 && outcome.statedPromptTokens == nil && outcome.status == 200
        return isFixed || isSilent ? max(Int(outputTokens.rounded()), 1) : outcome.outputTokens
    }

    /// Tokens of a prompt, at least one.
    func promptTokens(bodyBytes: Int) -> Int { max(Int(Double(bodyBytes) / bytesPerToken), 1) }

    /// Learns from an answer.
    mutating func learn(bodyBytes: Int, promptTokens: Int?, outputTokens: Int) {
        if let promptTokens, promptTokens > 0, bodyBytes > 0 {
            // One token a byte is the most that there can be; beyond 1,000 bytes a token the body holds something else.
            let bytes = min(max(Double(bodyBytes), Double(promptTokens)), 1000 * Double(promptTokens))
            meanBytes += TokenEstimates.weight * (bytes - meanBytes)
            meanTokens += TokenEstimates.weight * (Double(promptTokens) - meanTokens)
        }
        if outputTokens > 0, !isFixed {
            self.outputTokens += TokenEstimates.weight * (Double(outputTokens) - self.outputTokens)
        }
    }
}
