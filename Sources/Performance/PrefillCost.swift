/// What prefilling a prompt costs on a replica: seconds a token, and seconds a prefill.
///
/// `public`, as all that lies on the path of each request, because only then it is inlined across modules.
public struct PrefillCost: Hashable, Sendable {
    /// Seconds per prefilled token (c3).
    public var perToken: Double
    /// Seconds per prefill (c4).
    public var perPrefill: Double

    /// - Parameters:
    ///   - perToken: seconds, zero or more.
    ///   - perPrefill: seconds, zero or more.
    @inlinable
    @inline(__always)
    public init(perToken: Double, perPrefill: Double) {
        self.perToken = perToken
        self.perPrefill = perPrefill
    }

    /// Work of a prefill in seconds: `w = c3 u + c4`.
    @inlinable
    @inline(__always)
    public func seconds(uncachedTokens: Double) -> Double { perToken * uncachedTokens + perPrefill }

    /// Seconds within which a request must have its first token (reference plant, section 5): `ttft` for prompts of up to
    /// 4,096 tokens, twice that for longer ones, and never less than twice its prefill alone on an idle replica.
    ///
    /// - Parameters:
    ///   - promptTokens: prompt, cached or not.
    ///   - uncachedTokens: 1 ... promptTokens.
    ///   - ttft: the objective in seconds, above 0.
    /// - Returns: seconds from the arrival.
    @inlinable
    @inline(__always)
    public func ttftLimit(promptTokens: Double, uncachedTokens: Double, ttft: Double) -> Double {
        // 4,096 is ServiceLevelObjective.longPromptTokens; a test keeps them equal.
        max(promptTokens > 4096 ? 2 * ttft : ttft, 2 * seconds(uncachedTokens: uncachedTokens))
    }
}

extension PerformanceProfile {
    package var prefillCost: PrefillCost { PrefillCost(perToken: c3, perPrefill: c4) }

    /// Prefill work of a request in seconds: `w = c3 u + c4`.
    package func prefillWork(uncachedTokens: Double) -> Double { prefillCost.seconds(uncachedTokens: uncachedTokens) }

    /// As `PrefillCost.ttftLimit`.
    package func ttftLimit(promptTokens: Double, uncachedTokens: Double, ttft: Double) -> Double {
        prefillCost.ttftLimit(promptTokens: promptTokens, uncachedTokens: uncachedTokens, ttft: ttft)
    }
}
