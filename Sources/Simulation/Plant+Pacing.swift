internal import Fleet
internal import Performance
internal import Routing

extension Plant {
    /// Dispatch goes by what was learned of the engines.
    mutating func setPace(_ times: EngineTimes) {
        guard isPaced, times != engineTimes else { return }
        engineTimes = times
        var limits = limits
        limits.pace = limits.pace.timed(base: times.fixed, requests: times.sequences, prefill: times.prefill)
        dispatcher.table.setLimits(limits)
    }

    /// A request's claim in the order `slo`.
    @inline(never)
    func pacedClaim(for sequence: BatchingReplica.Sequence) -> RequestClaim {
        guard let pacing else { preconditionFailure("first come, first served has no pace") }
        let (prompt, uncached) = (Double(sequence.promptTokens), Double(sequence.uncachedTokens))
        return RequestClaim(
            id: sequence.id, promptTokens: Int32(clamping: sequence.promptTokens),
            uncachedTokens: Int32(clamping: sequence.uncachedTokens),
            reservedTokens: Int32(clamping: sequence.reservedTokens),
            prefillTicks: ticks(uncachedTokens: sequence.uncachedTokens),
            prefillSeconds: pacing.prefillSeconds(uncachedTokens: uncached),
            deadline: sequence.arrival + pacing.firstTokenLimit(promptTokens: prompt, uncachedTokens: uncached))
    }
}
