package import Fleet

/// What can happen to the controller of a workload.
package enum ControlEvent: Hashable, Sendable {
    /// It takes over a fleet in which these replicas are ready.
    case began(ready: [ReplicaID])
    /// A sample reached it, perhaps long after it was taken.
    case sampled(WorkloadSample)
    /// A timer that it asked for fired.
    case timerFired(generation: Int)
    /// A replica that it ordered is ready.
    case replicaReady(ReplicaID)
    /// A start did not succeed.
    case startFailed(ReplicaID)
    /// The router chose this replica as the victim of a drain order.
    case drainBegan(ReplicaID)
    /// A draining replica finished what it had, and stopped; or a start that was given up is gone.
    case replicaStopped(ReplicaID)
    /// A replica is gone without an order.
    case replicaLost(ReplicaID)
}

/// What the controller wants done. The shell carries directives out in order.
package enum ControlDirective: Hashable, Sendable {
    /// Start a replica under this identity.
    case start(ReplicaID)
    /// Give up a start that is under way, and confirm (`replicaStopped`). When it became ready before, that is reported as ever.
    case cancel(ReplicaID)
    /// Let the router choose a ready replica to drain, and report which (`drainBegan`).
    case drainOne
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
