package import Fleet

/// A port to what runs replicas: processes of this machine, servers that somebody else started, a cluster.
///
/// Orders return at once; what comes of them is reported as `ActuatorOutcome`s, from any thread, in the order in which it
/// happened for one replica. Orders are idempotent by the replica's name: the second of two equal ones changes nothing, and
/// an order about a replica that the actuator does not have is answered with `stopped`.
package protocol Actuator: AnyObject, Sendable {
    /// Names the handler of outcomes; called once, before any order. The handler returns quickly and may give new orders.
    func report(to handler: @escaping @Sendable (ActuatorOutcome) -> Void)

    /// Takes over what an earlier controller left, before the first order.
    ///
    /// The actuator looks for what really runs, by the marks it puts on replicas, not only by the records: an earlier
    /// controller may have ended between a start and its record. Of each record that runs no more, `lost` is reported; of
    /// each that runs, `launched`, and `ready` when its readiness probe succeeds (which goes on as for a new one).
    ///
    /// - Parameter records: replicas that the journal knows.
    /// - Returns: all replicas that run, those without a record too, by workload and number.
    func adopt(_ records: [ReplicaRecord]) -> [ReplicaRecord]

    /// Starts a replica. Reports `launched`, then `ready`; or `noCapacity` or `failed`.
    func start(_ order: StartOrder)

    /// Gives up a start that is under way, without waiting for requests; reports `stopped`. A replica that was reported ready
    /// before stays, and nothing is reported.
    func cancel(_ replica: ReplicaName)

    /// Stops a replica, politely until the deadline and then by force; reports `stopped`.
    ///
    /// - Parameters:
    ///   - replica: drained, or not worth waiting for.
    ///   - deadline: from now until it is killed; nil for the variant's own.
    func stop(_ replica: ReplicaName, deadline: Duration?)

    /// The replicas that there are now, from their launch until they are gone, by workload and number.
    func list() -> [ReplicaRecord]
}

/// Names one replica among those of all workloads.
package struct ReplicaName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var workload: WorkloadID
    package var replica: ReplicaID

    package init(_ workload: WorkloadID, _ replica: ReplicaID) {
        self.workload = workload
        self.replica = replica
    }

    package static func < (left: ReplicaName, right: ReplicaName) -> Bool {
        (left.workload, left.replica) < (right.workload, right.replica)
    }

    /// `chat/7`.
    package var description: String { "\(workload)/\(replica.number)" }
}

/// An order to start one replica.
package struct StartOrder: Hashable, Sendable {
    package var name: ReplicaName
    package var variant: VariantID

    package init(name: ReplicaName, variant: VariantID) {
        self.name = name
        self.variant = variant
    }
}

/// A launched replica: what the journal keeps, so that the next controller finds it again.
package struct ReplicaRecord: Hashable, Sendable {
    package var name: ReplicaName
    package var variant: VariantID
    package var host: String
    package var port: Int
    /// The process, which leads its own process group; nil for what is no process of this machine.
    package var processID: Int32?
    /// When that process started, as the kernel counts (field 22 of /proc/PID/stat): tells it from a later one with the same
    /// number; nil where there is no process.
    package var processStart: UInt64?
    /// When its start was ordered, in seconds since 1970.
    package var orderedAt: Instant

    package init(
        name: ReplicaName, variant: VariantID, host: String, port: Int, processID: Int32? = nil,
        processStart: UInt64? = nil, orderedAt: Instant
    ) {
        self.name = name
        self.variant = variant
        self.host = host
        self.port = port
        self.processID = processID
        self.processStart = processStart
        self.orderedAt = orderedAt
    }
}

/// What came of an order, or happened without one.
package enum ActuatorOutcome: Hashable, Sendable {
    /// It runs, and is not ready yet: write the record down.
    case launched(ReplicaRecord)
    /// Its readiness probe succeeded: requests may be sent. Reported again when a replica that was unready is ready again.
    case ready(ReplicaRecord)
    /// It runs, but takes no requests for now (a watched server whose probe fails): send none.
    case unready(ReplicaName, reason: String)
    /// The start did not succeed, and nothing is left of it: plan again.
    case failed(ReplicaName, reason: String)
    /// There is no room for it now, and nothing is left of it: plan again later.
    case noCapacity(ReplicaName, reason: String)
    /// It is gone as ordered.
    case stopped(ReplicaName)
    /// It is gone without an order: nobody answers on its address any more.
    case lost(ReplicaName, reason: String)

    /// The replica that it is about.
    package var name: ReplicaName {
        switch self {
        case .launched(let record), .ready(let record): record.name
        case .unready(let name, _), .failed(let name, _), .noCapacity(let name, _), .stopped(let name),
            .lost(let name, _):
            name
        }
    }
}
