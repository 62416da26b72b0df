package import Control
package import Fleet
package import Link

/// What happened outside the controller.
package enum ControllerInput: Sendable {
    /// A message of the gateway; its `hello` says that a connection was made.
    case gateway(GatewayMessage)
    /// The connection to the gateway ended.
    case gatewayGone
    case outcome(ActuatorOutcome)
    case timer(ControllerTimer)
    /// A person's order; the reply comes back with the effects.
    case freeze(Bool)
    case mode(ControlMode)
    /// Another configuration, or better known operating points.
    case plans([WorkloadPlan])
    /// Drain and stop all that was started, within a time.
    case shutDown(deadline: Duration)
    /// Stop all at once.
    case hardStop
}

/// Something to be told at an instant.
package enum ControllerTimer: Hashable, Sendable {
    case decision(WorkloadID, generation: Int)
    /// A drain order has no answer yet.
    case drainAnswer(WorkloadID, generation: Int)
    /// A drain takes long.
    case drainDeadline(ReplicaName)
    case shutdownGrace
    case shutdownDeadline
}

/// What the controller wants done, in order.
package enum ControllerEffect: Hashable, Sendable {
    /// Write it down; an order is on the disk before the effects after it are carried out.
    case journal(JournalEntry, isOrder: Bool)
    case tellGateway(ControllerMessage)
    case start(StartOrder)
    case cancel(ReplicaName)
    case stop(ReplicaName, deadline: Duration?)
    case schedule(ControllerTimer, at: Instant)
    case decided(DecidedRecord)
    /// Keep what was learned, in place of what was kept before.
    case learned(WorkloadID, [UInt8])
    case notice(Notice)
    /// Everything that was started is gone: the controller may end.
    case finished
}

/// A decision of one workload.
package struct DecidedRecord: Hashable, Sendable {
    package var workload: WorkloadID
    package var record: DecisionRecord
    /// False: what it says is not done.
    package var isActedOn: Bool
}

/// Something for the log: a constant text, and details.
package struct Notice: Hashable, Sendable {
    package enum Level: Hashable, Sendable { case debug, info, warning, error }

    package var level: Level
    package var text: String
    package var workload: WorkloadID?
    package var replica: ReplicaName?
    package var detail: String?

    package init(
        _ level: Level, _ text: String, workload: WorkloadID? = nil, replica: ReplicaName? = nil, detail: String? = nil
    ) {
        self.level = level
        self.text = text
        self.workload = workload ?? replica?.workload
        self.replica = replica
        self.detail = detail
    }
}
