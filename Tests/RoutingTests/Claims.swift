import Routing

extension RequestClaim {
    /// A request as a test writes it down; uncached tokens are the whole prompt unless given.
    static func sized(
        _ id: Int = 0, prompt: Int, output: Int, uncached: Int? = nil, ticks: Int32 = 0
    ) -> RequestClaim {
        RequestClaim(
            id: UInt32(id), promptTokens: Int32(prompt), uncachedTokens: Int32(uncached ?? prompt),
            reservedTokens: Int32(prompt + output), prefillTicks: ticks)
    }
}

extension ReplicaTable {
    /// Opens a slot and makes it ready.
    mutating func openReady(startOrder: Int) -> Int {
        let slot = open(startOrder: startOrder)
        markReady(slot)
        return slot
    }

    /// The request's first token is out.
    mutating func finishPrefill(_ claim: RequestClaim, on slot: Int) {
        finishPrefill(uncachedTokens: Int(claim.uncachedTokens), prefillTicks: Int(claim.prefillTicks), on: slot)
    }

    /// The request's last token is out.
    mutating func finish(_ claim: RequestClaim, on slot: Int) {
        finish(reservedTokens: Int(claim.reservedTokens), on: slot)
    }
}

extension AdmissionLimits {
    /// Limits of which none is ever reached.
    static let wide = AdmissionLimits(maxBatch: 1_000_000, kvTokens: 1_000_000_000, backlogSeconds: .infinity)
}
