internal import Control
package import Fleet
package import Link

extension FleetController {
    /// How it stands, for people.
    ///
    /// - Parameters:
    ///   - processID: of the controller.
    ///   - startedAt: when it began.
    /// - Returns: the workloads by id.
    package func status(processID: Int32, startedAt: Instant) -> ControllerStatus {
        ControllerStatus(
            processID: processID, startedAt: startedAt.seconds, mode: operation.mode.rawValue,
            isFrozen: operation.isFrozen, isGatewayConnected: isGatewayConnected,
            workloads: workloads.values.sorted { $0.id < $1.id }.map(\.status))
    }
}

extension WorkloadController {
    fileprivate var modeName: String {
        if plan.isWatched { return "watched" }
        if machine.core.isFrozen { return "frozen" }
        return plan.workload.isActedOn ? machine.core.mode.rawValue : ControlMode.observe.rawValue
    }

    fileprivate var status: WorkloadStatus {
        var status = WorkloadStatus(id: id.description, mode: modeName, policy: plan.policyName)
        status.desired = machine.core.desired
        status.ready = count(.ready)
        status.starting = count(.ordered, .launched)
        status.draining = count(.draining, .stopping)
        if let sample = lastSample {
            status.runningRequests = sample.runningRequests
            status.queuedRequests = sample.queuedRequests
            status.finishedRequests = sample.finishedRequests
            status.goodRequests = sample.goodRequests
            status.offeredRequests = sample.arrivedRequests
            status.refusedRequests = sample.refusedRequests
            status.failedRequests = sample.failedRequests
        }
        status.lastDecision = lastDecision.map {
            WorkloadStatus.LastDecision(
                time: $0.at.seconds, proposed: $0.proposed, desired: $0.desired, reason: $0.reason.rawValue)
        }
        status.replicas = ordered.map {
            ReplicaStatus(
                number: $0.number, state: $0.phase.word, host: $0.host, port: $0.port, processID: $0.processID)
        }
        return status
    }
}

extension JournalReplica.Phase {
    /// The word of the glossary.
    fileprivate var word: String {
        switch self {
        case .ordered: ReplicaState.requested.rawValue
        case .launched: ReplicaState.starting.rawValue
        case .ready: ReplicaState.ready.rawValue
        case .draining, .stopping: ReplicaState.draining.rawValue
        }
    }
}
