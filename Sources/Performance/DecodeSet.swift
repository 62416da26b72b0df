/// The sequences that decode, unordered, with the token clock at which each finishes: append and remove by swapping, and the
/// smallest found by a scan. Up to a few hundred sequences that beats a heap, whose branches cannot be predicted.
@usableFromInline
struct DecodeSet: ~Copyable {
    @usableFromInline var count = 0
    @usableFromInline var capacity = 32
    @usableFromInline var clocks: UnsafeMutablePointer<Double>
    @usableFromInline var sequences: UnsafeMutablePointer<BatchingReplica.Sequence>
    /// Meaningless while empty.
    @usableFromInline var earliestClock = Double.infinity
    @usableFromInline var earliestIndex = 0

    init() {
        clocks = .allocate(capacity: capacity)
        sequences = .allocate(capacity: capacity)
    }

    @inlinable
    deinit {
        clocks.deallocate()
        sequences.deallocate()
    }

    @inlinable
    @inline(__always)
    mutating func append(_ sequence: BatchingReplica.Sequence, finishClock: Double) {
        if count == capacity { grow() }
        (clocks + count).initialize(to: finishClock)
        (sequences + count).initialize(to: sequence)
        if count == 0 || finishClock < earliestClock {
            earliestClock = finishClock
            earliestIndex = count
        }
        count += 1
    }

    /// Takes out the sequence that finishes first. The set must not be empty.
    @inlinable
    @inline(__always)
    mutating func removeEarliest() -> BatchingReplica.Sequence {
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
    @usableFromInline mutating func removeAll() -> [BatchingReplica.Sequence] {
        let all = Array(UnsafeBufferPointer(start: sequences, count: count))
        count = 0
        return all
    }

    /// Four running minima hide the latency of one; equal clocks give the one that joined first among those of a lane.
    @inlinable
    @inline(__always)
    mutating func findEarliest() {
        var (a, b, c, d) = (Double.infinity, Double.infinity, Double.infinity, Double.infinity)
        var (ia, ib, ic, id) = (0, 0, 0, 0)
        var index = 0
        while index &+ 4 <= count {
            let (ca, cb, cc, cd) = (clocks[index], clocks[index &+ 1], clocks[index &+ 2], clocks[index &+ 3])
            (ia, a) = ca < a ? (index, ca) : (ia, a)
            (ib, b) = cb < b ? (index &+ 1, cb) : (ib, b)
            (ic, c) = cc < c ? (index &+ 2, cc) : (ic, c)
            (id, d) = cd < d ? (index &+ 3, cd) : (id, d)
            index &+= 4
        }
        while index < count {
            let clock = clocks[index]
            (ia, a) = clock < a ? (index, clock) : (ia, a)
            index &+= 1
        }
        (ia, a) = b < a ? (ib, b) : (ia, a)
        (ic, c) = d < c ? (id, d) : (ic, c)
        (earliestIndex, earliestClock) = c < a ? (ic, c) : (ia, a)
    }

    @usableFromInline mutating func grow() {
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
