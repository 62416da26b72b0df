extension BatchingReplica {
    /// Takes a request out before its end, as an engine does when the client has gone. What it held is free at once, and
    /// those that wait inside may come in.
    ///
    /// Not made for speed: it searches all that the replica holds.
    ///
    /// - Parameters:
    ///   - id: of the sequence.
    ///   - now: not after the next event.
    /// - Returns: the sequence; nil when the replica does not hold it.
    @discardableResult
    package mutating func cancel(_ id: UInt32, at now: Double) -> Sequence? {
        advance(to: now)
        if let index = decode.index(of: id) { return cancelDecoding(index) }
        if prefill.count > 0, prefill.first.id == id { return cancelPrefillHead() }
        if let sequence = prefill.remove(id) {
            leave(sequence)
            schedule()
            return sequence
        }
        guard let sequence = waiting.remove(id) else { return nil }
        // It reserved nothing; but those behind it may fit where it did not.
        reserved += sequence.reservedTokens
        leave(sequence)
        schedule()
        return sequence
    }

    private mutating func cancelDecoding(_ index: Int) -> Sequence {
        let (sequence, finishClock) = decode.remove(at: index)
        // Prompt and tokens so far: all that it would have had at the end, less those still to come.
        context -= Double(sequence.reservedTokens) - (finishClock - clock)
        if decode.count == 0 {
            context = 0
            clock = 0
        }
        leave(sequence)
        schedule()
        return sequence
    }

    private mutating func cancelPrefillHead() -> Sequence {
        let sequence = prefill.removeFirst()
        if prefill.count > 0 { headWork = c3 * Double(prefill.first.uncachedTokens) + c4 }
        leave(sequence)
        schedule()
        return sequence
    }
}

extension DecodeSet {
    func index(of id: UInt32) -> Int? { (0..<count).first { sequences[$0].id == id } }

    mutating func remove(at index: Int) -> (sequence: BatchingReplica.Sequence, finishClock: Double) {
        let removed = (sequences[index], clocks[index])
        count -= 1
        clocks[index] = clocks[count]
        sequences[index] = sequences[count]
        findEarliest()
        return removed
    }
}

extension SequenceRing {
    /// Takes one out of the middle; the others keep their order.
    fileprivate mutating func remove(_ id: UInt32) -> BatchingReplica.Sequence? {
        var removed: BatchingReplica.Sequence?
        for _ in 0..<count {
            let sequence = removeFirst()
            if removed == nil, sequence.id == id { removed = sequence } else { append(sequence) }
        }
        return removed
    }
}
