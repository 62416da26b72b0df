internal import Fleet

/// Which node of a pool each replica lies on: the fullest node with room first, so that others empty and can be given back.
struct PoolPlacement {
    private let pool: NodePool
    private let size: Int
    private var used: [Int]
    /// Replica number to node.
    private var nodes: [ReplicaID: Int] = [:]

    /// - Parameters:
    ///   - pool: where the accelerators are.
    ///   - acceleratorsPerReplica: at most those of one node, else nothing ever fits.
    init(_ pool: NodePool, acceleratorsPerReplica: Int) {
        self.pool = pool
        size = acceleratorsPerReplica
        used = Array(repeating: 0, count: pool.nodeCount)
    }

    /// Places a replica.
    ///
    /// - Returns: seconds until its node is usable; nil when there is no room.
    mutating func place(_ id: ReplicaID) -> Double? {
        var best: Int?
        for node in used.indices where used[node] + size <= pool.acceleratorsPerNode {
            if let current = best, used[current] >= used[node] { continue }
            best = node
        }
        guard let node = best else { return nil }
        let wasEmpty = used[node] == 0
        used[node] += size
        nodes[id] = node
        return wasEmpty ? pool.provisioningTime.seconds : 0
    }

    /// The replica is gone.
    mutating func release(_ id: ReplicaID) {
        guard let node = nodes.removeValue(forKey: id) else { return }
        used[node] -= size
    }
}
