/// Where a replica stands in its life.
package enum ReplicaState: String, Hashable, Sendable, CaseIterable, Codable {
    /// Ordered, but no room for it yet.
    case requested
    /// On its accelerators, loading. Ends by becoming ready, by failing, or by being cancelled.
    case starting
    /// Takes requests.
    case ready
    /// Takes nothing new, finishes what it has, then stops. Cannot be revived.
    case draining
    /// Gone as ordered.
    case stopped
    /// Its start did not succeed.
    case failed
    /// Gone without an order: crashed, or its node did.
    case lost
}

/// One running copy of a variant, as whoever runs it sees it.
package struct Replica: Hashable, Sendable {
    package var id: ReplicaID
    package var state: ReplicaState

    package init(id: ReplicaID, state: ReplicaState) {
        self.id = id
        self.state = state
    }
}

/// Replica bounds of a workload.
package struct ReplicaBounds: Hashable, Sendable {
    package var min: Int
    package var max: Int

    /// - Parameters:
    ///   - min: zero or more.
    ///   - max: at least `min`.
    package init(min: Int, max: Int) {
        precondition(min >= 0 && max >= min, "replica bounds must satisfy 0 <= min <= max")
        self.min = min
        self.max = max
    }

    /// The nearest number within the bounds.
    package func clamp(_ desired: Int) -> Int { Swift.min(Swift.max(desired, min), max) }
}
