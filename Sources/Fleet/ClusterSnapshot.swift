/// Everything seen at one instant.
package struct ClusterSnapshot: Hashable, Sendable {
    /// When it was taken; it may reach a decision later.
    package var at: Instant
    /// One entry for each workload, sorted by its id.
    package private(set) var workloads: [WorkloadView]

    /// What was seen of one workload.
    package struct WorkloadView: Hashable, Sendable {
        package var id: WorkloadID
        /// Its counters and gauges.
        package var sample: Observation<WorkloadSample>
        /// All its replicas that the actuator knows, in the order of their ids; stopped ones are left out.
        package var replicas: Observation<[Replica]>

        package init(
            id: WorkloadID, sample: Observation<WorkloadSample>,
            replicas: Observation<[Replica]> = .missing(.neverSeen)
        ) {
            self.id = id
            self.sample = sample
            self.replicas = replicas
        }
    }

    /// - Parameters:
    ///   - at: when it was taken.
    ///   - workloads: each at most once.
    package init(at: Instant, workloads: [WorkloadView]) {
        self.at = at
        self.workloads = workloads.sorted { $0.id < $1.id }
    }

    /// What was seen of a workload; nil when nothing was looked for.
    package subscript(id: WorkloadID) -> WorkloadView? { workloads.first { $0.id == id } }
}
