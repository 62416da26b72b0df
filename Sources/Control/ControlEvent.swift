package import Fleet

/// What can happen to the controller of a workload.
package enum ControlEvent: Hashable, Sendable {
    /// It takes over a fleet in which these replicas are ready, starting and draining.
    case began(ready: [ReplicaID], starting: [ReplicaID] = [], draining: [ReplicaID] = [])
    /// A snapshot reached it, perhaps long after it was taken.
    case observed(ClusterSnapshot)
    /// A timer that it asked for fired.
    case timerFired(generation: Int)
    /// Something came of an order, or befell a replica without one.
    case outcome(ActionOutcome)
}

/// What the controller wants done. The shell carries directives out in order. An order that is repeated has the same
/// identity, and is carried out once.
package enum ControlDirective: Hashable, Sendable {
    /// Start a replica under this identity.
    case start(ReplicaID, as: ActionID)
    /// Give up a start that is under way, and confirm (`stopped`). When it became ready before, that is reported as ever.
    case cancel(ReplicaID, as: ActionID)
    /// Let the router choose a ready replica to drain, and report which (`drainBegan`).
    case drainOne(as: ActionID)
    /// Send `timerFired` with this generation at that instant. A later timer replaces an earlier one.
    case scheduleTimer(generation: Int, at: Instant)
    /// Write the decision to the history.
    case record(DecisionRecord)
}

/// Protections that Tideway puts around a policy. Peers run without.
package struct ControlGuards: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// While what the policy sees is older than `ControlMachine.staleAfter` beyond its own delay, nothing is scaled down.
    package static let holdOnBadData = ControlGuards(rawValue: 1)
}
