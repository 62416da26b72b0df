extension PerformanceProfile {
    /// Seconds within which a request must have its first token (reference plant, section 5): `ttft` for prompts of up to
    /// 4,096 tokens, twice that for longer ones, and never less than twice its prefill alone on an idle replica.
    ///
    /// - Parameters:
    ///   - promptTokens: prompt, cached or not.
    ///   - uncachedTokens: 1 ... promptTokens.
    ///   - ttft: the objective in seconds, above 0.
    /// - Returns: Seconds from arrival to the first token.
    @inlinable
    package func ttftLimit(promptTokens: Double, uncachedTokens: Double, ttft: Double) -> Double {
        // 4,096 is ServiceLevelObjective.longPromptTokens; a test keeps them equal.
        max(promptTokens > 4096 ? 2 * ttft : ttft, 2 * prefillWork(uncachedTokens: uncachedTokens))
    }
}
