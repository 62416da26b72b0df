/// For those who show tokens as they come, not only first and last ones.
extension BatchingReplica {
    /// The prompt that is being prefilled; nil when there is none.
    package var prefillHead: Sequence? { prefill.count > 0 ? prefill.first : nil }

    /// The token clock at `now`, which must not lie after the next event: a sequence that began to decode at clock v has
    /// its token k (after the first) when the clock is v + k. Meaningless while nothing decodes.
    package func tokenClock(at now: Double) -> Double {
        clock + iterations(in: max(now - time, 0))
    }

    /// When the token clock will be `value`, should no event come before; infinite while nothing decodes.
    package func time(ofTokenClock value: Double) -> Double {
        guard decode.count > 0 else { return .infinity }
        let count = max(value - clock, 0)
        return time + count * (iterationSeconds + c2 * Double(decode.count) * count / 2)
    }
}
