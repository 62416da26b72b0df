/// What users send requests to: a served model, with what it is promised and how large it may become.
package struct Workload: Hashable, Sendable {
    package var id: WorkloadID
    /// Higher goes first where two workloads want the same accelerators.
    package var priority: Int
    package var objective: ServiceLevelObjective
    package var bounds: ReplicaBounds
    /// When the bounds allow zero replicas: stopped after this time without a request. Nil leaves it to the policy.
    package var idleTimeToZero: Duration?
    /// False: decisions are made and recorded, and no order is given.
    package var isActedOn = true

    /// - Parameters:
    ///   - id: its name.
    ///   - priority: higher goes first.
    ///   - objective: what its users are promised.
    ///   - bounds: how many replicas it may have.
    ///   - idleTimeToZero: time without a request after which nothing need run; nil leaves it to the policy.
    package init(
        id: WorkloadID, priority: Int = 0, objective: ServiceLevelObjective = .reference, bounds: ReplicaBounds,
        idleTimeToZero: Duration? = nil
    ) {
        self.id = id
        self.priority = priority
        self.objective = objective
        self.bounds = bounds
        self.idleTimeToZero = idleTimeToZero
    }
}
