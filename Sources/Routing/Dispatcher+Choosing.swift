/// What a gateway asks besides: replicas that a request must avoid, and replicas that it prefers.
extension Dispatcher {
    /// The replica that takes the request now, ahead of those that wait and in none of the excluded slots; nil when nobody
    /// takes it. For a request that failed elsewhere before its first byte: it waited once already.
    public mutating func place(_ claim: RequestClaim, excluding excluded: [Int]) -> Int? {
        let hidden = excluded.filter { $0 < table.slotCount && table[$0].isReady }
        for slot in hidden { table.beginDrain(slot) }
        let slot = chooseReplica(for: claim)
        for slot in hidden { table.markReady(slot) }
        if let slot { table.admit(claim, to: slot) }
        return slot
    }

    /// As `arrive`, with a preference: the ready replica that ranks highest for the key (rendezvous hashing, Thaler and
    /// Ravishankar 1998) gets the request, unless it does not admit it or has more than 1.25 times the mean of running
    /// requests, rounded up ("consistent hashing with bounded loads", Mirrokni and others 2018).
    ///
    /// - Parameters:
    ///   - claim: the request.
    ///   - key: equal for requests that belong together.
    ///   - now: as in `arrive`.
    /// - Returns: where it went.
    public mutating func arrive(_ claim: RequestClaim, preferring key: UInt64, at now: Double = -.infinity) -> Placement
    {
        if queue.isEmpty, let slot = preferredSlot(key), table.admits(claim, slot), isWithinBound(slot),
            mayGoAhead(claim, slot, at: now)
        {
            admit(claim, to: slot, at: now)
            return .replica(slot: slot)
        }
        return arrive(claim, at: now)
    }

    /// In the order `slo` a preference counts as long as nobody is late for it.
    private func mayGoAhead(_ claim: RequestClaim, _ slot: Int, at now: Double) -> Bool {
        order == .fcfs || (!isLatesTurn(at: now) && isTimely(claim, slot, at: now))
    }

    private func preferredSlot(_ key: UInt64) -> Int? {
        var best: (rank: UInt64, slot: Int)?
        for slot in 0..<table.slotCount where table[slot].isReady {
            let rank = mixed(key ^ mixed(UInt64(truncatingIfNeeded: table[slot].startOrder)))
            if let current = best, current.rank >= rank { continue }
            best = (rank, slot)
        }
        return best?.slot
    }

    /// 3 replicas with 9 running and the new one: the mean is 10/3, 1.25 times that is 4.2, so up to 5 are allowed.
    private func isWithinBound(_ slot: Int) -> Bool {
        var running = 1
        for other in 0..<table.slotCount where table[other].isReady { running += table[other].runningRequests }
        let bound = (5 * running + 4 * table.readyCount - 1) / (4 * table.readyCount)
        return table[slot].runningRequests + 1 <= bound
    }

    /// The finaliser of splitmix64 (Steele and others 2014): every bit of the input moves every bit of the output.
    private func mixed(_ value: UInt64) -> UInt64 {
        var bits = value &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
