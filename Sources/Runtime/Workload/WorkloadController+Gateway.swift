internal import Control
internal import Fleet
internal import Link

/// A workload's controller: what the gateway says, and what it is told.
extension WorkloadController {
    /// A connection was made: the gateway learns all, and what it began while nobody listened is taken over.
    mutating func gatewayConnected(_ known: FleetUpdate?, at now: Instant) -> [ControllerEffect] {
        isGatewayConnected = true
        var effects: [ControllerEffect] = []
        for address in known?.replicas ?? [] {
            guard let replica = replicas[address.number], let record = replica.record,
                record.host == address.host, record.port == address.port
            else { continue }
            // It was ready once, whether that was written down or not; the probe will say if it no longer is.
            if replica.phase == .launched { effects += becameReady(record, at: now) }
            if address.isDraining { effects += drainBegan(address.number, at: now) }
        }
        effects.append(tellFleet)
        guard openDrains > 0, !isEnding else { return effects }
        effects += (0..<openDrains).map { _ in .tellGateway(.drainOne(workload: id.description)) }
        return effects + awaitDrainAnswer(at: now)
    }

    mutating func sampled(_ sample: GatewaySample, at now: Instant) -> [ControllerEffect] {
        lastSample = sample
        let view = ClusterSnapshot.WorkloadView(
            id: id, sample: .value(counters.sample(sample), at: Instant(seconds: sample.time)),
            replicas: .value(seen, at: now))
        return control(.observed(ClusterSnapshot(at: now, workloads: [view])), at: now)
    }

    /// The replicas as the actuator has them.
    private var seen: [Replica] {
        ordered.map { replica in
            let state: ReplicaState =
                switch replica.phase {
                case .ordered: .requested
                case .launched: .starting
                case .ready: .ready
                case .draining, .stopping: .draining
                }
            return Replica(id: ReplicaID(replica.number), state: state)
        }
    }

    mutating func drainBegan(_ number: Int, at now: Instant) -> [ControllerEffect] {
        guard replicas[number]?.phase == .ready, let entry = move(number, to: .draining) else { return [] }
        openDrains = max(openDrains - 1, 0)
        let name = ReplicaName(id, ReplicaID(number))
        let timer = ControllerEffect.schedule(.drainDeadline(name), at: now + plan.drainDeadline)
        return [entry, .notice(Notice(.info, "Draining a replica", replica: name)), timer]
            + control(.outcome(.drainBegan(ReplicaID(number))), at: now)
    }

    /// The gateway has no replica to drain: Control takes the order back, and gives it again where it is still due.
    mutating func drainRefused(_ reason: String, at now: Instant) -> [ControllerEffect] {
        guard openDrains > 0 else { return [] }
        openDrains -= 1
        return [.notice(Notice(.warning, "The gateway could not drain a replica", workload: id, detail: reason))]
            + control(.outcome(.drainRefused), at: now)
    }

    /// Nothing is in flight on it any more: it is stopped. Hearing it twice changes nothing.
    mutating func drained(_ number: Int) -> [ControllerEffect] {
        guard replicas[number]?.phase == .draining, let entry = move(number, to: .stopping) else { return [] }
        let name = ReplicaName(id, ReplicaID(number))
        return [entry, .notice(Notice(.info, "Stopping a drained replica", replica: name)), .stop(name, deadline: nil)]
    }

    mutating func drainDeadlinePassed(_ number: Int) -> [ControllerEffect] {
        guard replicas[number]?.phase == .draining else { return [] }
        let notice = Notice(
            .warning, "A drain took too long: the replica is stopped with requests in flight",
            replica: ReplicaName(id, ReplicaID(number)))
        return [.notice(notice)] + drained(number)
    }

    /// The gateway did not choose: the newest replica goes.
    mutating func drainAnswerMissing(generation: Int, at now: Instant) -> [ControllerEffect] {
        guard generation == drainGeneration, openDrains > 0, isGatewayConnected, !isEnding else { return [] }
        var effects: [ControllerEffect] = []
        for replica in ordered.reversed().filter({ $0.phase == .ready }).prefix(openDrains) {
            effects += drainBegan(replica.number, at: now)
        }
        openDrains = 0
        return effects + [tellFleet]
    }
}
