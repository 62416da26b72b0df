internal import Configuration
internal import Fleet

/// The accelerators that one replica has, all on one node.
struct Placement: Hashable, Codable {
    var pool: String
    var node: Int
    /// Numbers of the accelerators on this machine, ascending: counted through all pools in the order of the configuration.
    var accelerators: [Int]
}

/// Which accelerators of which node are taken. Places a replica where it leaves the least room (best fit), at equal room on
/// the lowest node, on the lowest accelerators.
struct AcceleratorLedger: Hashable {
    private struct Pool: Hashable {
        var id: NodePoolID
        var accelerators: Range<Int>
        var perNode: Int
    }

    private let pools: [Pool]
    private var taken: Set<Int> = []

    init(_ settings: [NodePoolSettings]) {
        var first = 0
        pools = settings.map { pool in
            let range = first..<first + pool.nodeCount * pool.acceleratorsPerNode
            first = range.upperBound
            return Pool(id: pool.id, accelerators: range, perNode: pool.acceleratorsPerNode)
        }
    }

    /// Accelerators that nobody has, in a pool; zero in a pool that there is not.
    func freeCount(in pool: NodePoolID) -> Int {
        pools.first { $0.id == pool }.map { $0.accelerators.count { !taken.contains($0) } } ?? 0
    }

    /// Takes `count` accelerators of one node; nil when no node has so many free.
    mutating func place(_ count: Int, in id: NodePoolID) -> Placement? {
        precondition(count >= 1, "a replica needs at least one accelerator")
        guard let pool = pools.first(where: { $0.id == id }) else { return nil }
        let nodes = (0..<pool.accelerators.count / pool.perNode).map { (node: $0, free: free(on: $0, of: pool)) }
        let fitting = nodes.filter { $0.free.count >= count }
        guard let best = fitting.min(by: { ($0.free.count, $0.node) < ($1.free.count, $1.node) }) else { return nil }
        let placement = Placement(pool: "\(id)", node: best.node, accelerators: Array(best.free.prefix(count)))
        taken.formUnion(placement.accelerators)
        return placement
    }

    /// Takes what a running replica has, so that nobody else gets it, whatever the pools are called and however large they are
    /// by now. False when it lies outside the pool that the replica was placed in: the pool is smaller than it was, or begins
    /// at another number.
    mutating func take(_ placement: Placement) -> Bool {
        taken.formUnion(placement.accelerators)
        let pool = pools.first { "\($0.id)" == placement.pool }
        return pool.map { placement.accelerators.allSatisfy($0.accelerators.contains) } ?? false
    }

    mutating func release(_ placement: Placement) { taken.subtract(placement.accelerators) }

    private func free(on node: Int, of pool: Pool) -> [Int] {
        let first = pool.accelerators.lowerBound + node * pool.perNode
        return (first..<first + pool.perNode).filter { !taken.contains($0) }
    }
}
