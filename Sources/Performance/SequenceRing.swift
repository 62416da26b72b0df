/// Requests in order, in a ring that grows.
public struct SequenceRing: ~Copyable {
    public var ring: UnsafeMutablePointer<BatchingReplica.Sequence>
    public var mask = 7
    public var head = 0
    public var count = 0
    public var uncachedTokens = 0
    public var promptTokens = 0

    public init() {
        ring = .allocate(capacity: mask + 1)
    }

    deinit {
        ring.deallocate()
    }

    /// The oldest. The ring must not be empty.
    @inlinable
    @inline(__always)
    public var first: BatchingReplica.Sequence { ring[head & mask] }

    @inlinable
    @inline(__always)
    public mutating func append(_ sequence: BatchingReplica.Sequence) {
        if count > mask { grow() }
        (ring + ((head &+ count) & mask)).initialize(to: sequence)
        count += 1
        uncachedTokens += Int(sequence.uncachedTokens)
        promptTokens += Int(sequence.promptTokens)
    }

    /// Takes the oldest out. The ring must not be empty.
    @inlinable
    @inline(__always)
    public mutating func removeFirst() -> BatchingReplica.Sequence {
        let sequence = first
        head &+= 1
        count -= 1
        uncachedTokens -= Int(sequence.uncachedTokens)
        promptTokens -= Int(sequence.promptTokens)
        return sequence
    }

    public mutating func removeAll() -> [BatchingReplica.Sequence] {
        var all: [BatchingReplica.Sequence] = []
        while count > 0 { all.append(removeFirst()) }
        return all
    }

    public mutating func grow() {
        let larger = UnsafeMutablePointer<BatchingReplica.Sequence>.allocate(capacity: (mask + 1) * 2)
        for offset in 0..<count { (larger + offset).initialize(to: ring[(head &+ offset) & mask]) }
        ring.deallocate()
        ring = larger
        mask = mask * 2 + 1
        head = 0
    }
}
