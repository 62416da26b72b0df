/// Requests in order, in a ring that grows.
package struct SequenceRing: ~Copyable {
    package var ring: UnsafeMutablePointer<BatchingReplica.Sequence>
    package var mask = 7
    package var head = 0
    package var count = 0
    package var uncachedTokens = 0
    package var promptTokens = 0

    package init() {
        ring = .allocate(capacity: mask + 1)
    }

    deinit {
        ring.deallocate()
    }

    /// The oldest. The ring must not be empty.
    @inlinable
    package var first: BatchingReplica.Sequence { ring[head & mask] }

    @inlinable
    package mutating func append(_ sequence: BatchingReplica.Sequence) {
        if count > mask { grow() }
        (ring + ((head &+ count) & mask)).initialize(to: sequence)
        count += 1
        uncachedTokens += Int(sequence.uncachedTokens)
        promptTokens += Int(sequence.promptTokens)
    }

    /// Takes the oldest out. The ring must not be empty.
    @inlinable
    package mutating func removeFirst() -> BatchingReplica.Sequence {
        let sequence = first
        head &+= 1
        count -= 1
        uncachedTokens -= Int(sequence.uncachedTokens)
        promptTokens -= Int(sequence.promptTokens)
        return sequence
    }

    package mutating func removeAll() -> [BatchingReplica.Sequence] {
        var all: [BatchingReplica.Sequence] = []
        while count > 0 { all.append(removeFirst()) }
        return all
    }

    package mutating func grow() {
        let larger = UnsafeMutablePointer<BatchingReplica.Sequence>.allocate(capacity: (mask + 1) * 2)
        for offset in 0..<count { (larger + offset).initialize(to: ring[(head &+ offset) & mask]) }
        ring.deallocate()
        ring = larger
        mask = mask * 2 + 1
        head = 0
    }
}
