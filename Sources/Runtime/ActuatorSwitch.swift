internal import Fleet

/// Two actuators as one: watched servers belong to the one that watches them, everything else to the other.
package final class ActuatorSwitch: Actuator {
    private let processes: any Actuator
    private let watched: WatchedServers

    /// - Parameters:
    ///   - processes: what starts and stops replicas.
    ///   - watched: the workloads that it knows are its own, at each moment.
    package init(processes: any Actuator, watched: WatchedServers) {
        self.processes = processes
        self.watched = watched
    }

    private func actuator(_ workload: WorkloadID) -> any Actuator {
        watched.hasWorkload(workload) ? watched : processes
    }

    package func report(to handler: @escaping @Sendable (ActuatorOutcome) -> Void) {
        processes.report { [watched] outcome in
            // A replica that was left from before its workload was watched: it has its number, and nothing else of it.
            if !watched.hasWorkload(outcome.name.workload) { handler(outcome) }
        }
        watched.report(to: handler)
    }

    /// Replicas of workloads whose servers are watched now are stopped: nobody would stop them later.
    package func adopt(_ records: [ReplicaRecord]) -> [ReplicaRecord] {
        let found = processes.adopt(records.filter { !watched.hasWorkload($0.name.workload) })
        for stray in found where watched.hasWorkload(stray.name.workload) {
            processes.stop(stray.name, deadline: nil)
        }
        return (found.filter { !watched.hasWorkload($0.name.workload) } + watched.adopt([])).sorted {
            $0.name < $1.name
        }
    }

    package func start(_ order: StartOrder) { actuator(order.name.workload).start(order) }
    package func cancel(_ replica: ReplicaName) { actuator(replica.workload).cancel(replica) }
    package func stop(_ replica: ReplicaName, deadline: Duration?) {
        actuator(replica.workload).stop(replica, deadline: deadline)
    }

    package func list() -> [ReplicaRecord] {
        (processes.list().filter { !watched.hasWorkload($0.name.workload) } + watched.list()).sorted {
            $0.name < $1.name
        }
    }
}
