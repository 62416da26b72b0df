internal import Control
internal import Fleet
internal import Link

/// A workload's controller: what the actuator says of replicas.
extension WorkloadController {
    mutating func outcome(_ outcome: ActuatorOutcome, at now: Instant) -> [ControllerEffect] {
        let number = outcome.name.replica.number
        guard let replica = replicas[number] else {
            guard case .launched(let record) = outcome, plan.isWatched, !isEnding else { return [] }
            return adopt(record, saying: "A server is watched") + takeUp(at: now)
        }
        switch outcome {
        case .launched(let record): return launched(replica, record)
        case .ready(let record): return becameReady(record, at: now)
        case .unready(_, let reason): return becameUnready(replica, reason, at: now)
        case .failed(_, let reason):
            return [.notice(Notice(.warning, "A start failed", replica: replica.name, detail: reason))]
                + gone(number, .startFailed(ReplicaID(number)), at: now)
        case .noCapacity(_, let reason):
            return [.notice(Notice(.warning, "There is no room for a replica", replica: replica.name, detail: reason))]
                + gone(number, .noCapacity(ReplicaID(number)), at: now)
        case .stopped where plan.isWatched: return forget(replica, at: now)
        case .stopped:
            return [.notice(Notice(.info, "A replica is gone as ordered", replica: replica.name))]
                + gone(number, .stopped(ReplicaID(number)), at: now)
        case .lost(_, let reason):
            return [
                .notice(Notice(.warning, "A replica is gone without an order", replica: replica.name, detail: reason))
            ]
                + gone(number, .lost(ReplicaID(number)), at: now)
        }
    }

    private mutating func launched(_ replica: JournalReplica, _ record: ReplicaRecord) -> [ControllerEffect] {
        var replica = replica
        replica.record = record
        if replica.phase == .ordered { replica.phase = .launched }
        replicas[replica.number] = replica
        return [.journal(.replica(replica), isOrder: false)]
    }

    mutating func becameReady(_ record: ReplicaRecord, at now: Instant) -> [ControllerEffect] {
        let number = record.name.replica.number
        guard var replica = replicas[number], replica.phase != .ready, replica.phase != .draining,
            replica.phase != .stopping || (givenUp.remove(number) != nil && !isEnding)
        else { return [] }
        let isFirst = replica.phase != .stopping
        replica.record = record
        replica.phase = .ready
        replicas[number] = replica
        let seconds = now.seconds - replica.orderedAt
        return [
            .journal(.replica(replica), isOrder: false), tellFleet,
            .notice(
                Notice(
                    .info, "A replica is ready", replica: replica.name,
                    detail: isFirst
                        ? "\((seconds * 10).rounded() / 10) s after its order" : "its start had been given up")),
        ] + (plan.isWatched ? takeUp(at: now) : control(.outcome(.ready(ReplicaID(number))), at: now))
    }

    private mutating func becameUnready(
        _ replica: JournalReplica, _ reason: String, at now: Instant
    ) -> [ControllerEffect] {
        guard replica.phase == .ready, let entry = move(replica.number, to: .launched, isOrder: false) else {
            return []
        }
        return [
            entry, tellFleet, .notice(Notice(.warning, "A server is not ready", replica: replica.name, detail: reason)),
        ] + takeUp(at: now)
    }

    /// A server that is watched no more: nothing was ordered, so nothing is answered.
    private mutating func forget(_ replica: JournalReplica, at now: Instant) -> [ControllerEffect] {
        replicas[replica.number] = nil
        return [
            tellFleet, .journal(.gone(workload: id.description, replica: replica.number), isOrder: false),
            .notice(Notice(.info, "A server is watched no more", replica: replica.name)),
        ] + takeUp(at: now)
    }

    /// Nothing is left of it: the gateway is told first.
    private mutating func gone(
        _ number: Int, _ outcome: ActionOutcome, at now: Instant
    ) -> [ControllerEffect] {
        let phase = replicas[number]?.phase
        replicas[number] = nil
        givenUp.remove(number)
        let wasKnown = phase == .ready || phase == .draining || phase == .stopping
        return (wasKnown ? [tellFleet] : [])
            + [.journal(.gone(workload: id.description, replica: number), isOrder: false)]
            + control(.outcome(outcome), at: now)
    }
}
