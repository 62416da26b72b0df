/// The sequences that decode, unordered, with the token clock at which each finishes: append and remove by swapping, and the
/// smallest found by a scan. Up to a few hundred sequences that beats a heap, whose branches cannot be predicted.
package struct DecodeSet: ~Copyable {
    package var count = 0
    package var capacity = 32
    package var clocks: UnsafeMutablePointer<Double>
    package var sequences: UnsafeMutablePointer<BatchingReplica.Sequence>
    /// Meaningless while empty.
    package var earliestClock = Double.infinity
    package var earliestIndex = 0

    package init() {
        clocks = .allocate(capacity: capacity)
        sequences = .allocate(capacity: capacity)
    }

    deinit {
        clocks.deallocate()
        sequences.deallocate()
    }

    @inlinable
    package mutating func append(_ sequence: BatchingReplica.Sequence, finishClock: Double) {
        if count == capacity { grow() }
        (clocks + count).initialize(to: finishClock)
        (sequences + count).initialize(to: sequence)
        // Among equal clocks the first to join finishes first.
        if count == 0 || finishClock < earliestClock {
            earliestClock = finishClock
            earliestIndex = count
        }
        count += 1
    }

    /// Takes out the sequence that finishes first. The set must not be empty.
    @inlinable
    package mutating func removeEarliest() -> BatchingReplica.Sequence {
        let removed = sequences[earliestIndex]
        count -= 1
        clocks[earliestIndex] = clocks[count]
        sequences[earliestIndex] = sequences[count]
        findEarliest()
        return removed
    }

    /// Empties the set.
    ///
    /// - Returns: what was in it, in no meaningful but a reproducible order.
    package mutating func removeAll() -> [BatchingReplica.Sequence] {
        let all = Array(UnsafeBufferPointer(start: sequences, count: count))
        count = 0
        return all
    }

    /// Four running minima hide the latency of one.
    @inlinable
    package mutating func findEarliest() {
        var least = SIMD4<Double>(repeating: .infinity)
        var index = 0
        while index + 4 <= count {
            let four = UnsafeRawPointer(clocks + index).loadUnaligned(as: SIMD4<Double>.self)
            least.replace(with: four, where: four .< least)
            index += 4
        }
        var earliest = least.min()
        while index < count {
            earliest = clocks[index] < earliest ? clocks[index] : earliest
            index += 1
        }
        earliestClock = earliest
        earliestIndex = 0
        while earliestIndex < count - 1, clocks[earliestIndex] != earliest { earliestIndex += 1 }
    }

    package mutating func grow() {
        let largerClocks = UnsafeMutablePointer<Double>.allocate(capacity: capacity * 2)
        let largerSequences = UnsafeMutablePointer<BatchingReplica.Sequence>.allocate(capacity: capacity * 2)
        largerClocks.moveInitialize(from: clocks, count: count)
        largerSequences.moveInitialize(from: sequences, count: count)
        clocks.deallocate()
        sequences.deallocate()
        clocks = largerClocks
        sequences = largerSequences
        capacity *= 2
    }
}
