package import Control
package import Fleet

/// What the journal's lines add up to.
package struct JournalState: Hashable, Sendable {
    /// By name.
    package private(set) var replicas: [ReplicaName: JournalReplica] = [:]
    /// What controllers have saved, by workload.
    package private(set) var cores: [String: ControlCore] = [:]
    package private(set) var operation = Operation()

    package init() {}

    /// The replicas of a workload, by number.
    package func replicas(of workload: WorkloadID) -> [JournalReplica] {
        replicas.values.filter { $0.workload == workload.description }.sorted { $0.number < $1.number }
    }

    /// Lines that say all of it.
    package var entries: [JournalEntry] {
        [.operation(operation)]
            + cores.sorted { $0.key < $1.key }.map { .control(workload: $0.key, core: $0.value) }
            + replicas.sorted { $0.key < $1.key }.map { .replica($0.value) }
    }

    package mutating func apply(_ entry: JournalEntry) {
        switch entry {
        case .replica(let replica): replicas[replica.name] = replica
        case .gone(let workload, let number): replicas[ReplicaName(WorkloadID(workload), ReplicaID(number))] = nil
        case .control(let workload, let core): cores[workload] = core
        case .operation(let operation): self.operation = operation
        case .forgotten(let workload):
            cores[workload] = nil
            replicas = replicas.filter { $0.value.workload != workload }
        }
    }
}
