/// A machine of a pool, and how many of its accelerators are taken.
package struct Node: Hashable, Sendable {
    package let pool: NodePoolID
    /// Counted from 0 within its pool.
    package let number: Int
    package let accelerators: Int
    package private(set) var occupiedAccelerators = 0

    /// - Parameters:
    ///   - pool: where it belongs.
    ///   - number: from 0 within the pool.
    ///   - accelerators: what it has, at least 1.
    package init(pool: NodePoolID, number: Int, accelerators: Int) {
        precondition(accelerators >= 1, "a node has accelerators")
        self.pool = pool
        self.number = number
        self.accelerators = accelerators
    }

    package var isEmpty: Bool { occupiedAccelerators == 0 }
    package var freeAccelerators: Int { accelerators - occupiedAccelerators }

    /// Takes accelerators for a replica. There must be so many free ones.
    package mutating func take(_ count: Int) {
        precondition(count <= freeAccelerators, "node \(number) of \(pool) has \(freeAccelerators) free, not \(count)")
        occupiedAccelerators += count
    }

    /// Gives accelerators back. So many must be taken.
    package mutating func giveBack(_ count: Int) {
        precondition(
            count <= occupiedAccelerators, "node \(number) of \(pool) holds \(occupiedAccelerators), not \(count)")
        occupiedAccelerators -= count
    }
}

extension NodePool {
    /// Its nodes, all empty.
    package var nodes: [Node] {
        (0..<nodeCount).map { Node(pool: id, number: $0, accelerators: acceleratorsPerNode) }
    }
}
