package import Fleet

/// Several actuators as one: each workload has its own, and those that none claims belong to the first.
package final class ActuatorSwitch: Actuator {
    private let main: any Actuator
    private let others: [WorkloadID: any Actuator]

    /// - Parameters:
    ///   - main: of all other workloads.
    ///   - others: by workload.
    package init(main: any Actuator, others: [WorkloadID: any Actuator]) {
        self.main = main
        self.others = others
    }

    private func actuator(_ workload: WorkloadID) -> any Actuator { others[workload] ?? main }
    /// Each once.
    private var distinct: [any Actuator] {
        others.sorted { $0.key < $1.key }.map(\.value).reduce(into: [main]) { known, next in
            if !known.contains(where: { $0 === next }) { known.append(next) }
        }
    }

    package func report(to handler: @escaping @Sendable (ActuatorOutcome) -> Void) {
        for actuator in distinct { actuator.report(to: handler) }
    }

    package func adopt(_ records: [ReplicaRecord]) -> [ReplicaRecord] {
        distinct.flatMap { actuator in
            actuator.adopt(records.filter { self.actuator($0.name.workload) === actuator })
        }.sorted { $0.name < $1.name }
    }

    package func start(_ order: StartOrder) { actuator(order.name.workload).start(order) }
    package func cancel(_ replica: ReplicaName) { actuator(replica.workload).cancel(replica) }
    package func stop(_ replica: ReplicaName, deadline: Duration?) {
        actuator(replica.workload).stop(replica, deadline: deadline)
    }

    package func list() -> [ReplicaRecord] { distinct.flatMap { $0.list() }.sorted { $0.name < $1.name } }
}
