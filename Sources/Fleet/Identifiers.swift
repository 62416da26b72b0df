/// Names a workload in configuration, logs and reports.
package struct WorkloadID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ name: String) { description = name }
    package static func < (left: WorkloadID, right: WorkloadID) -> Bool { left.description < right.description }
}

/// Names a variant: a workload on one accelerator type with one degree of parallelism.
package struct VariantID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ name: String) { description = name }
    package static func < (left: VariantID, right: VariantID) -> Bool { left.description < right.description }
}

/// Names a pool of equal nodes.
package struct NodePoolID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ name: String) { description = name }
    package static func < (left: NodePoolID, right: NodePoolID) -> Bool { left.description < right.description }
}

/// Identifies one replica for its whole life. Numbers are given in the order of the start orders, so a higher one is newer.
package struct ReplicaID: Hashable, Comparable, Sendable {
    package let number: Int
    @inlinable
    package init(_ number: Int) { self.number = number }
    @inlinable
    package static func < (left: ReplicaID, right: ReplicaID) -> Bool { left.number < right.number }
}
