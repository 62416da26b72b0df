internal import Fleet

/// Which node of a pool each replica lies on: the fullest node with room first, so that others empty and can be given back.
struct PoolPlacement {
    private let provisioningTime: Duration
    private let size: Int
    private var nodes: [Node]
    /// The node of each replica, by its number.
    private var places: [ReplicaID: Int] = [:]

    /// - Parameters:
    ///   - pool: where the accelerators are.
    ///   - acceleratorsPerReplica: at most those of one node, else nothing ever fits.
    init(_ pool: NodePool, acceleratorsPerReplica: Int) {
        provisioningTime = pool.provisioningTime
        size = acceleratorsPerReplica
        nodes = pool.nodes
    }

    /// Places a replica.
    ///
    /// - Returns: seconds until its node is usable; nil when there is no room.
    mutating func place(_ id: ReplicaID) -> Double? {
        var best: Int?
        for number in nodes.indices where nodes[number].freeAccelerators >= size {
            if let current = best, nodes[current].freeAccelerators <= nodes[number].freeAccelerators { continue }
            best = number
        }
        guard let number = best else { return nil }
        let wasEmpty = nodes[number].isEmpty
        nodes[number].take(size)
        places[id] = number
        return wasEmpty ? provisioningTime.seconds : 0
    }

    /// The replica is gone.
    mutating func release(_ id: ReplicaID) {
        guard let number = places.removeValue(forKey: id) else { return }
        nodes[number].giveBack(size)
    }
}
