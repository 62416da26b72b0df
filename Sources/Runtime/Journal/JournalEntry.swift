package import Control
internal import Fleet

/// One line of the journal.
package enum JournalEntry: Hashable, Sendable, Codable {
    /// What is known of a replica now; replaces what was known.
    case replica(JournalReplica)
    /// Nothing is left of a replica.
    case gone(workload: String, replica: Int)
    /// What the controller of a workload has learned and ordered: its state as it saves it.
    case control(workload: String, core: ControlCore)
    /// What a person asked for.
    case operation(Operation)
    /// The workload is configured no more, and nothing of it runs.
    case forgotten(workload: String)
}

/// What a person asked for; it outlives the configuration's own mode until that changes.
package struct Operation: Hashable, Sendable, Codable {
    /// Asked for by `tideway mode`; nil while the configuration's holds.
    package var mode: String?
    package var isFrozen = false

    package init() {}
}

/// A replica as the journal keeps it.
package struct JournalReplica: Hashable, Sendable, Codable {
    /// How far it has come.
    package enum Phase: String, Hashable, Sendable, Codable {
        /// Its start was ordered, and it may run.
        case ordered
        /// It runs, and is not ready.
        case launched
        case ready
        case draining
        /// It is to be gone: its start was given up, or it is drained.
        case stopping
    }

    package var workload: String
    package var number: Int
    package var variant: String
    package var phase: Phase
    package var host: String?
    package var port: Int?
    package var processID: Int32?
    package var processStart: UInt64?
    /// Seconds since 1970.
    package var orderedAt: Double

    package init(workload: String, number: Int, variant: String, phase: Phase, orderedAt: Double) {
        self.workload = workload
        self.number = number
        self.variant = variant
        self.phase = phase
        self.orderedAt = orderedAt
    }

    /// Where it runs; nil before its launch.
    package var record: ReplicaRecord? {
        get {
            guard let host, let port else { return nil }
            return ReplicaRecord(
                name: name, variant: VariantID(variant), host: host, port: port, processID: processID,
                processStart: processStart, orderedAt: Instant(seconds: orderedAt))
        }
        set {
            (host, port) = (newValue?.host, newValue?.port)
            (processID, processStart) = (newValue?.processID, newValue?.processStart)
        }
    }

    package var name: ReplicaName { ReplicaName(WorkloadID(workload), ReplicaID(number)) }
}
