/// Requests that wait for a replica, first come first served, in a ring that grows up to a limit.
public struct CentralQueue: ~Copyable {
    /// Requests that may wait at once. Those that wait already stay when it falls.
    public var limit: Int
    @usableFromInline private(set) var ring: UnsafeMutablePointer<RequestClaim>
    @usableFromInline private(set) var mask: Int
    @usableFromInline var head = 0
    /// Requests that wait.
    public private(set) var count = 0
    /// Their prompt tokens.
    public private(set) var promptTokens = 0
    /// Their uncached prompt tokens.
    public private(set) var uncachedTokens = 0

    /// - Parameter limit: at least 1.
    public init(limit: Int) {
        precondition(limit >= 1, "a queue holds at least one request")
        self.limit = limit
        mask = 63
        ring = .allocate(capacity: mask + 1)
    }

    deinit {
        ring.deallocate()
    }

    /// Whether nobody waits.
    @inlinable
    public var isEmpty: Bool { count == 0 }

    /// The request that waits longest. The queue must not be empty.
    @inlinable
    public var first: RequestClaim { ring[head & mask] }

    /// Takes a request in last; false when the limit is reached.
    public mutating func append(_ claim: RequestClaim) -> Bool {
        guard count < limit else { return false }
        if count > mask { grow() }
        (ring + ((head + count) & mask)).initialize(to: claim)
        add(claim, 1)
        return true
    }

    /// Puts a request back in front, limit or not: it had been accepted before.
    public mutating func prepend(_ claim: RequestClaim) {
        if count > mask { grow() }
        head -= 1
        (ring + (head & mask)).initialize(to: claim)
        add(claim, 1)
    }

    /// Takes the first request out. The queue must not be empty.
    public mutating func removeFirst() -> RequestClaim {
        let claim = first
        head += 1
        add(claim, -1)
        return claim
    }

    /// Takes a request out wherever it stands; nil when it does not wait. Costs as much as there are requests behind it.
    public mutating func remove(id: UInt32) -> RequestClaim? {
        guard let offset = (0..<count).first(where: { ring[(head + $0) & mask].id == id }) else { return nil }
        let claim = ring[(head + offset) & mask]
        for next in offset + 1..<max(count, offset + 1) { ring[(head + next - 1) & mask] = ring[(head + next) & mask] }
        add(claim, -1)
        return claim
    }

    private mutating func add(_ claim: RequestClaim, _ sign: Int) {
        count += sign
        promptTokens += sign * Int(claim.promptTokens)
        uncachedTokens += sign * Int(claim.uncachedTokens)
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<RequestClaim>.allocate(capacity: (mask + 1) * 2)
        for offset in 0..<count { (larger + offset).initialize(to: ring[(head + offset) & mask]) }
        ring.deallocate()
        ring = larger
        mask = mask * 2 + 1
        head = 0
    }
}
