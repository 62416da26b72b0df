/// Requests in order, in a ring that grows.
@usableFromInline
struct SequenceRing: ~Copyable {
    @usableFromInline var ring: UnsafeMutablePointer<BatchingReplica.Sequence>
    @usableFromInline var mask = 7
    @usableFromInline var head = 0
    @usableFromInline var count = 0
    @usableFromInline var uncachedTokens = 0
    @usableFromInline var promptTokens = 0

    init() {
        ring = .allocate(capacity: mask + 1)
    }

    @inlinable
    deinit {
        ring.deallocate()
    }

    /// The oldest. The ring must not be empty.
    @inlinable
    @inline(__always)
    var first: BatchingReplica.Sequence { ring[head & mask] }

    @inlinable
    @inline(__always)
    mutating func append(_ sequence: BatchingReplica.Sequence) {
        if count > mask { grow() }
        (ring + ((head &+ count) & mask)).initialize(to: sequence)
        count += 1
        uncachedTokens += Int(sequence.uncachedTokens)
        promptTokens += Int(sequence.promptTokens)
    }

    /// Puts one in front of the oldest.
    mutating func prepend(_ sequence: BatchingReplica.Sequence) {
        if count > mask { grow() }
        head &-= 1
        (ring + (head & mask)).initialize(to: sequence)
        count += 1
        uncachedTokens += Int(sequence.uncachedTokens)
        promptTokens += Int(sequence.promptTokens)
    }

    /// Takes the oldest out. The ring must not be empty.
    @inlinable
    @inline(__always)
    mutating func removeFirst() -> BatchingReplica.Sequence {
        let sequence = first
        head &+= 1
        count -= 1
        uncachedTokens -= Int(sequence.uncachedTokens)
        promptTokens -= Int(sequence.promptTokens)
        return sequence
    }

    @usableFromInline mutating func removeAll() -> [BatchingReplica.Sequence] {
        var all: [BatchingReplica.Sequence] = []
        while count > 0 { all.append(removeFirst()) }
        return all
    }

    @usableFromInline mutating func grow() {
        let larger = UnsafeMutablePointer<BatchingReplica.Sequence>.allocate(capacity: (mask + 1) * 2)
        for offset in 0..<count { (larger + offset).initialize(to: ring[(head &+ offset) & mask]) }
        ring.deallocate()
        ring = larger
        mask = mask * 2 + 1
        head = 0
    }
}
