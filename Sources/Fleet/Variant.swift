/// A kind of accelerator, as the user's provider names it.
package struct AcceleratorType: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ name: String) { description = name }
}

/// A workload on one accelerator type with one degree of parallelism and one price.
package struct Variant: Hashable, Sendable {
    package var id: VariantID
    package var workload: WorkloadID
    package var acceleratorType: AcceleratorType
    /// Accelerators that one replica occupies, at least 1.
    package var acceleratorsPerReplica: Int
    package var price: Price

    /// - Parameters:
    ///   - id: its name.
    ///   - workload: what it serves.
    ///   - acceleratorType: what it runs on.
    ///   - acceleratorsPerReplica: how many of them one replica takes, at least 1.
    ///   - price: what each of them costs.
    package init(
        id: VariantID, workload: WorkloadID, acceleratorType: AcceleratorType, acceleratorsPerReplica: Int, price: Price
    ) {
        precondition(acceleratorsPerReplica >= 1, "a replica needs at least one accelerator")
        self.id = id
        self.workload = workload
        self.acceleratorType = acceleratorType
        self.acceleratorsPerReplica = acceleratorsPerReplica
        self.price = price
    }
}

/// Equal nodes from which replicas take their accelerators. A replica lies whole on one node.
package struct NodePool: Hashable, Sendable {
    package var id: NodePoolID
    package var nodeCount: Int
    package var acceleratorsPerNode: Int
    /// Time until an empty node that was given back is usable again; zero when nodes are always there.
    package var provisioningTime: Duration

    /// - Parameters:
    ///   - id: its name.
    ///   - nodeCount: nodes at most, at least 1.
    ///   - acceleratorsPerNode: at least 1.
    ///   - provisioningTime: zero when nodes are always there.
    package init(id: NodePoolID, nodeCount: Int, acceleratorsPerNode: Int, provisioningTime: Duration = .zero) {
        precondition(nodeCount >= 1 && acceleratorsPerNode >= 1, "a pool has nodes, and they have accelerators")
        self.id = id
        self.nodeCount = nodeCount
        self.acceleratorsPerNode = acceleratorsPerNode
        self.provisioningTime = provisioningTime
    }

    /// Replicas of `size` accelerators that the pool can hold at once.
    package func replicaLimit(acceleratorsPerReplica size: Int) -> Int {
        nodeCount * (acceleratorsPerNode / size)
    }
}
