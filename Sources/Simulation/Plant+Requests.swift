internal import Performance
internal import Routing
internal import Traces

extension Plant {
    @inline(__always)
    mutating func handleArrival() {
        let id = UInt32(truncatingIfNeeded: cursor.index)
        let (row, uncachedTokens) = cursor.take()
        mix(id)
        counters.arrive(promptTokens: Int(row.promptTokens), uncachedTokens: Int(uncachedTokens), at: now)
        let sequence = BatchingReplica.Sequence(
            id: id, promptTokens: row.promptTokens, uncachedTokens: uncachedTokens, outputTokens: row.outputTokens,
            arrival: row.arrival)
        switch dispatcher.arrive(claim(for: sequence), at: now) {
        case .replica(let slot): submit(sequence, to: slot)
        case .queued: break
        case .refused: counters.fail(at: now)
        }
    }

    /// An event of a slot: the end of its start-up, a first token, an end.
    ///
    /// - Returns: a change of the fleet, if it made one.
    @inline(__always)
    mutating func handleSlotEvent(_ slot: Int) -> FleetNews? {
        if case .starting(let fails) = slots[slot].phase { return endStartUp(slot, fails: fails) }
        switch engines[slot].step() {
        case .firstToken(let sequence, let isLast):
            mix(sequence.id)
            judge.firstToken(sequence)
            outcomes?.firstToken(sequence)
            dispatcher.table.finishPrefill(
                uncachedTokens: Int(Int32(clamping: sequence.uncachedTokens)),
                prefillTicks: Int(ticks(uncachedTokens: sequence.uncachedTokens)), on: slot)
            if isLast { finish(sequence, on: slot) }
        case .finished(let sequence):
            mix(sequence.id)
            finish(sequence, on: slot)
        case .preempted(let sequence): preempt(sequence)
        case .resumed(let sequence): mix(sequence.id)
        }
        events.set(slot, engines[slot].nextTime)
        if dispatcher.hasWaiting { dispatch(changed: slot) }
        return stopIfDrained(slot)
    }

    @inline(__always)
    mutating func finish(_ sequence: BatchingReplica.Sequence, on slot: Int) {
        counters.finish(sequence, at: now)
        let isGood = judge.finish(sequence, at: now)
        if isGood { counters.good += 1 }
        outcomes?.finish(sequence, at: now, isGood: isGood)
        dispatcher.table.finish(reservedTokens: Int(Int32(clamping: sequence.reservedTokens)), on: slot)
    }

    /// The router bound the request to its replica and does not see what becomes of its memory there.
    private mutating func preempt(_ sequence: BatchingReplica.Sequence) {
        mix(sequence.id)
        if now >= bill.from { preemptions += 1 }
    }

    /// Places what waits, after a change in one slot.
    mutating func dispatch(changed slot: Int) {
        var placed = dispatcher.next(changed: slot, at: now)
        while let (claim, target) = placed {
            submit(sequence(for: claim), to: target)
            placed = dispatcher.next(at: now)
        }
    }

    @inline(__always)
    mutating func submit(_ sequence: BatchingReplica.Sequence, to slot: Int) {
        engines[slot].submit(sequence, at: now)
        let next = engines[slot].nextTime
        if next != events.time(of: slot) { events.set(slot, next) }
    }

    @inline(__always)
    func claim(for sequence: BatchingReplica.Sequence) -> RequestClaim {
        if isPaced { return pacedClaim(for: sequence) }
        return RequestClaim(
            id: sequence.id, promptTokens: Int32(clamping: sequence.promptTokens),
            uncachedTokens: Int32(clamping: sequence.uncachedTokens),
            reservedTokens: Int32(clamping: sequence.reservedTokens),
            prefillTicks: ticks(uncachedTokens: sequence.uncachedTokens))
    }

    @inline(__always)
    func ticks(uncachedTokens: UInt32) -> Int32 {
        dispatcher.table.ticks(prefillSeconds: prefill.seconds(uncachedTokens: Double(uncachedTokens)))
    }

    /// A waiting request's lengths, read again from the trace.
    func sequence(for claim: RequestClaim) -> BatchingReplica.Sequence {
        let row = trace[Int(claim.id)]
        return BatchingReplica.Sequence(
            id: claim.id, promptTokens: row.promptTokens, uncachedTokens: trace.uncachedTokens(Int(claim.id)),
            outputTokens: row.outputTokens, arrival: row.arrival)
    }
}
