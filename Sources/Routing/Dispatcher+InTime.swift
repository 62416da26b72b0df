/// The order `slo`: earliest arrival first among those who can still be in time, and the late behind them.
///
/// Under overload, first come first served makes everybody wait as long as the backlog is, so that all are late. Passing
/// over those who are late anyway keeps the others in time. Whether a request can be in time is asked when a replica would
/// take it, of that replica: the prefill work in front of it and its own, times the slow-down by those that decode there.
extension Dispatcher {
    /// A late request that is overdue by more than this, in seconds, gets its turn though others could be in time.
    public static let latePatience = 30.0
    /// Then every so many placements are such a turn, and the more the longer it is overdue ...
    public static let lateTurn = 8
    /// ... but not more than every so many: three of four serve those who can be in time, whatever happened before.
    public static let lateTurnMin = 4

    /// Requests that wait, late or not.
    @inlinable
    public var waitingCount: Int { queue.count + late.count }

    /// Their prompt tokens.
    public var waitingPromptTokens: Int { queue.promptTokens + late.promptTokens }

    /// Their uncached prompt tokens.
    public var waitingUncachedTokens: Int { queue.uncachedTokens + late.uncachedTokens }

    /// Whether anybody waits.
    @inlinable
    @inline(__always)
    public var hasWaiting: Bool { !queue.isEmpty || (isInTimeOrder && !late.isEmpty) }

    /// Takes a waiting request out, wherever it waits; false when it does not.
    public mutating func withdraw(id: UInt32) -> Bool {
        queue.remove(id: id) != nil || late.remove(id: id) != nil
    }

    @usableFromInline
    mutating func arriveInTime(_ claim: RequestClaim, at now: Double) -> Placement {
        precondition(now > -.infinity, "who is in time depends on the time")
        if queue.isEmpty, !isLatesTurn(at: now), let slot = choosePaced(for: claim, at: now) {
            // Nobody waits: one who cannot be in time is served all the same.
            let timely = timelySlot(for: claim, chosen: slot, at: now)
            if timely != nil || late.isEmpty {
                admit(claim, to: timely ?? slot, at: now)
                return .replica(slot: timely ?? slot)
            }
        }
        guard waitingCount < queue.limit else { return .refused }
        return queue.append(claim) ? .queued : .refused
    }

    @usableFromInline
    mutating func nextInTime(at now: Double) -> (claim: RequestClaim, slot: Int)? {
        precondition(now > -.infinity, "who is in time depends on the time")
        if isLatesTurn(at: now) { return nextLate(at: now) }
        while !queue.isEmpty {
            if queue.first.deadline >= now + queue.first.prefillSeconds * table.limits.pace.prefillFactor {
                guard let chosen = choosePaced(for: queue.first, at: now) else { return nil }
                if let slot = timelySlot(for: queue.first, chosen: chosen, at: now) {
                    let claim = queue.removeFirst()
                    admit(claim, to: slot, at: now)
                    return (claim, slot)
                }
            }
            // The limit is kept on arrival, for both queues together.
            _ = late.append(queue.removeFirst())
        }
        return nextLate(at: now)
    }

    /// Whether the replica, which admits the request, gives its first token in time.
    func isTimely(_ claim: RequestClaim, _ slot: Int, at now: Double) -> Bool {
        now + table.secondsToFirstToken(claim, slot) <= claim.deadline
    }

    /// 30 s overdue: every 8th placement; 40 s: every 6th; from 60 s on every 4th.
    func isLatesTurn(at now: Double) -> Bool {
        guard !late.isEmpty else { return false }
        let overdue = now - late.first.deadline
        guard overdue > Self.latePatience else { return false }
        let turn = max(Double(Self.lateTurn) * Self.latePatience / overdue, Double(Self.lateTurnMin))
        return Double(placedSinceLate + 1) >= turn
    }

    /// The chosen replica; where that is too slow by now, the fastest of those that admit the request; nil when that is too.
    private func timelySlot(for claim: RequestClaim, chosen: Int, at now: Double) -> Int? {
        if isTimely(claim, chosen, at: now) { return chosen }
        var best = chosen
        var least = table.secondsToFirstToken(claim, chosen)
        for slot in 0..<table.slotCount where table.admits(claim, slot) && table.isPaced(slot, at: now) {
            let seconds = table.secondsToFirstToken(claim, slot)
            if seconds < least { (best, least) = (slot, seconds) }
        }
        return now + least <= claim.deadline ? best : nil
    }

    private mutating func nextLate(at now: Double) -> (claim: RequestClaim, slot: Int)? {
        guard !late.isEmpty, let slot = choosePaced(for: late.first, at: now) else { return nil }
        let claim = late.removeFirst()
        admit(claim, to: slot, at: now)
        placedSinceLate = 0
        return (claim, slot)
    }

    mutating func choosePaced(for claim: RequestClaim, at now: Double) -> Int? {
        guard let chosen = chooseReplica(for: claim) else { return nil }
        if table.isPaced(chosen, at: now) { return chosen }
        var best: Int?
        for slot in 0..<table.slotCount where table.admits(claim, slot) && table.isPaced(slot, at: now) {
            if let current = best, table[current].outstandingTokens <= table[slot].outstandingTokens { continue }
            best = slot
        }
        return best
    }

    mutating func admit(_ claim: RequestClaim, to slot: Int, at now: Double) {
        table.borrow(claim.prefillSeconds, slot, at: now)
        table.admit(claim, to: slot)
        lastChoice = slot
        // Counted only while somebody is late; saturated, since it is compared alone.
        placedSinceLate = late.isEmpty ? 0 : min(placedSinceLate + 1, Self.lateTurn)
    }
}
