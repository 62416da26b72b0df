/// For the order `slo`: how fast a replica gives first tokens, and how much prefill it may take in.
extension ReplicaTable {
    /// Seconds until the request's first token, if the replica, which admits it, gets it now.
    ///
    /// 0.1 s of prefill in front, 0.1 s its own, iterations of 20 ms beside 30 ms of prefill: 0.2 x 50/30 = 0.33 s.
    func secondsToFirstToken(_ claim: RequestClaim, _ slot: Int) -> Double {
        let entry = slots[slot]
        let decoding = entry.runningRequests - entry.prefillRequests
        // Ticks are saturated at twice the limit, but an occupied replica that admits anything has less.
        let work = Double(entry.prefillTicks) / ticksPerSecond + claim.prefillSeconds
        guard decoding > 0, limits.pace.prefill > 0 else { return work * limits.pace.prefillFactor }
        let decode = limits.pace.decodeSeconds(requests: decoding, tokens: entry.reservedTokens)
        return work * (limits.pace.prefillFactor + decode / limits.pace.prefill)
    }

    /// Whether the replica's debt allows it more prefill. One without requests is free of debt.
    func isPaced(_ slot: Int, at now: Double) -> Bool {
        debtSeconds(slot, at: now) * limits.pace.prefillFactor <= limits.pace.debtSeconds
    }

    /// Notes that prefill was taken in; before the request is admitted.
    mutating func borrow(_ prefillSeconds: Double, _ slot: Int, at now: Double) {
        let debt = debtSeconds(slot, at: now)
        setDebt(debt + prefillSeconds, slot, at: now)
    }

    /// Prefill that was taken in beyond the room of the iterations, as of now.
    func debtSeconds(_ slot: Int, at now: Double) -> Double {
        let entry = slots[slot]
        guard entry.runningRequests > 0 else { return 0 }
        let decode = limits.pace.decodeSeconds(requests: entry.runningRequests, tokens: entry.reservedTokens)
        let room = max(0, 1 - decode / limits.pace.tokenSeconds)
        return max(0, entry.debtSeconds - room / limits.pace.prefillFactor * (now - entry.debtTime))
    }
}
