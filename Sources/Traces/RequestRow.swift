/// One request of a trace, packed into 16 bytes.
package struct RequestRow: Hashable, Sendable {
    /// Seconds from the trace's time zero; negative during a warm-up.
    package var arrival: Double
    /// Tokens of the prompt, cached or not; at least 1.
    package var promptTokens: UInt32
    /// Tokens generated, at least 1. Known to the plant, not to policies.
    package var outputTokens: UInt32

    /// - Parameters:
    ///   - arrival: seconds from time zero, finite.
    ///   - promptTokens: raised to 1 when 0.
    ///   - outputTokens: raised to 1 when 0 (a trace's 0 generated tokens count as 1).
    @inlinable
    package init(arrival: Double, promptTokens: UInt32, outputTokens: UInt32) {
        self.arrival = arrival
        self.promptTokens = max(promptTokens, 1)
        self.outputTokens = max(outputTokens, 1)
    }
}
