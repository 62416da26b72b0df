/// Identifies an order for the life of a workload's controller. An order that is given again has the same one: whoever
/// carried it out before does nothing.
package struct ActionID: Hashable, Comparable, Sendable {
    package let number: Int
    package init(_ number: Int) { self.number = number }
    package static func < (left: ActionID, right: ActionID) -> Bool { left.number < right.number }
}

/// What came of an order, or befell a replica without one.
package enum ActionOutcome: Hashable, Sendable {
    /// A replica that was ordered takes requests.
    case ready(ReplicaID)
    /// A start did not succeed; nothing is left of it. It is ordered again, later each time.
    case startFailed(ReplicaID)
    /// There is no room for a replica; nothing was begun. It is ordered again, later each time.
    case noCapacity(ReplicaID)
    /// The router chose this replica as the victim of a drain order.
    case drainBegan(ReplicaID)
    /// The router has no replica that it could drain: the order is void, and given again where it is still due.
    case drainRefused
    /// A draining replica finished what it had, and stopped; or a start that was given up is gone.
    case stopped(ReplicaID)
    /// A replica is gone without an order. It is replaced when it is still wanted.
    case lost(ReplicaID)
}
