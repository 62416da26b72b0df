/// How a replica gives out the memory for context.
package enum MemoryRule: String, Hashable, Sendable, CaseIterable {
    /// Each request reserves prompt and answer for its whole life, so nobody is ever pre-empted (the reference plant).
    case reserved
    /// Blocks as the context grows; when none is left, the request admitted last gives its own back, waits in front and is
    /// computed again (vLLM's rule, docs/simulation.md).
    case onDemand = "on-demand"
}

/// The memory of a replica in blocks, and who holds some: vLLM's `KVCacheManager` as far as it decides who runs.
///
/// A request holds the blocks of its context and of the next token: `floor(context / 16) + 1`.
struct BlockMemory {
    /// Tokens of a block: vLLM's default.
    static let blockTokens = 16.0
    /// Token clocks are real numbers; so much of a token short of a block's end counts as its end.
    private static let tolerance = 1e-6

    /// Blocks in all, at least 1.
    let capacity: Int
    /// Running requests in the order in which they were admitted.
    private(set) var admitted: [UInt32] = []
    /// Tokens that pre-empted requests had made, by request.
    private var made: [UInt32: Double] = [:]
    /// Context of the request whose prompt is being prefilled.
    private(set) var prefillTokens = 0.0

    /// - Parameter tokens: that fit in memory; a rest that fills no block is lost.
    init(tokens: Int) { capacity = max(Int(Double(tokens) / BlockMemory.blockTokens), 1) }

    /// Blocks for a context of so many tokens and the next one.
    static func blocks(_ tokens: Double) -> Int { Int((tokens + tolerance) / blockTokens) + 1 }

    /// Tokens that a request had made when it was last pre-empted; zero if it never was.
    func madeTokens(_ id: UInt32) -> Double { made[id] ?? 0 }

    mutating func admit(_ id: UInt32, contextTokens: Double) {
        admitted.append(id)
        prefillTokens = contextTokens
    }

    mutating func endPrefill() { prefillTokens = 0 }

    /// Takes out the request admitted last.
    mutating func removeLast() -> UInt32 { admitted.removeLast() }

    mutating func remove(_ id: UInt32) {
        admitted.removeAll { $0 == id }
        made[id] = nil
    }

    mutating func preempt(_ id: UInt32, madeTokens: Double) { made[id] = madeTokens }

    mutating func clear() {
        admitted = []
        made = [:]
        prefillTokens = 0
    }
}
