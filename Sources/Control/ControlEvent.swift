package import Fleet

/// What can happen to the controller of a workload.
package enum ControlEvent: Hashable, Sendable {
    /// It takes over a fleet in which these replicas are ready, starting and draining. After a restart (`ControlState`) what
    /// is known of them is kept, what is missing is gone, and orders whose effect is not seen are repeated.
    case began(ready: [ReplicaID], starting: [ReplicaID] = [], draining: [ReplicaID] = [])
    /// A snapshot reached it, perhaps long after it was taken.
    case observed(ClusterSnapshot)
    /// A timer that it asked for fired.
    case timerFired(generation: Int)
    /// Something came of an order, or befell a replica without one.
    case outcome(ActionOutcome)
    /// Whether orders are given, only named, or neither.
    case modeChanged(ControlMode)
    /// The kill switch: no order is given until `thawed`, whatever the mode.
    case frozen
    /// The kill switch is off again; a hold against a second writer ends too.
    case thawed
    /// Bounds, idle time, or whether the workload is acted on are others now.
    case reconfigured(Workload)
}

/// What becomes of decisions.
package enum ControlMode: String, Hashable, Sendable, Codable, CaseIterable {
    /// They are recorded, and nothing is done.
    case observe
    /// As `observe`, and what would be done is said.
    case advise
    /// Orders are given.
    case act
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
    /// Tell people what would be done in mode `act`.
    case advise(DecisionRecord)
}

/// Protections that Tideway puts around a policy. Simulated peers run without.
package struct ControlGuards: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// While what the policy sees is older than `ControlMachine.staleAfter` beyond its own delay, nothing is scaled down.
    package static let holdOnBadData = ControlGuards(rawValue: 1)
    /// Never fewer replicas than the present load needs, at each observation; what is lost is replaced at once.
    package static let reactive = ControlGuards(rawValue: 2)
    /// Starts have a deadline; after failures and refusals they wait, longer each time.
    package static let supervisedStarts = ControlGuards(rawValue: 4)
    /// Where bounds allow zero replicas: at least one until the workload's idle time is over, then none.
    package static let idleToZero = ControlGuards(rawValue: 8)
    /// While somebody else starts or stops replicas, no orders are given.
    package static let secondWriter = ControlGuards(rawValue: 16)

    /// As Tideway's own policy runs, simulated and live.
    package static let all: ControlGuards = [.holdOnBadData, .reactive, .supervisedStarts, .idleToZero, .secondWriter]
}
