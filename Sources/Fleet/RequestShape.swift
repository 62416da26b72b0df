/// How long a workload's requests are: the means over the joint distribution of prompts and outputs that the fluid model needs.
package struct RequestShape: Hashable, Sendable {
    /// Mean uncached prompt tokens.
    package var uncachedTokens: Double
    /// Mean of generated tokens after the first, `o - 1`.
    package var decodedTokens: Double
    /// Context length of a decoding sequence, averaged over the tokens that are decoded.
    package var contextTokens: Double

    package init(uncachedTokens: Double, decodedTokens: Double, contextTokens: Double) {
        self.uncachedTokens = uncachedTokens
        self.decodedTokens = decodedTokens
        self.contextTokens = contextTokens
    }

    /// The shape of requests that all have the same lengths.
    ///
    /// - Parameters:
    ///   - promptTokens: prompt, cached or not.
    ///   - uncachedTokens: nil means all of the prompt.
    ///   - outputTokens: generated, at least 1.
    package init(promptTokens: Double, uncachedTokens: Double? = nil, outputTokens: Double) {
        self.init(
            uncachedTokens: uncachedTokens ?? promptTokens, decodedTokens: max(outputTokens - 1, 0),
            contextTokens: promptTokens + (outputTokens + 1) / 2)
    }
}

/// Sums that make a `RequestShape`: one pass over requests.
package struct RequestShapeAccumulator: Sendable {
    private var count = 0.0
    private var uncached = 0.0
    private var decoded = 0.0
    private var decodedContext = 0.0

    package init() {}

    /// Adds one request; the context of its decoded tokens averages `prompt + (output + 1)/2`.
    package mutating func add(promptTokens: Double, uncachedTokens: Double, outputTokens: Double) {
        count += 1
        uncached += uncachedTokens
        decoded += outputTokens - 1
        decodedContext += (outputTokens - 1) * (promptTokens + (outputTokens + 1) / 2)
    }

    /// The means; nil before the first request.
    package var shape: RequestShape? {
        guard count > 0 else { return nil }
        return RequestShape(
            uncachedTokens: uncached / count, decodedTokens: decoded / count,
            contextTokens: decoded > 0 ? decodedContext / decoded : 0)
    }
}
