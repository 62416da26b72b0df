internal import Link

/// What a decision about a workload asks its shell to do once the lock is released.
struct RoutingEffects: Sendable {
    /// Requests that waited, and the replicas that take them now.
    var placed: [(exchange: Exchange, replica: Replica)] = []
    /// Requests that waited for a workload that was removed.
    var refused: [Exchange] = []
    /// For the controller, in order.
    var messages: [GatewayMessage] = []
}

/// Where a request went.
enum Submission: Sendable {
    case placed(Replica)
    case waits
    case refused(Refusal)
}

/// What a request says about the replica that had it.
enum ReplicaVerdict: Sendable {
    case answered
    case failed(Refusal)
    /// The client went, or the gateway stopped it.
    case nothing
}
