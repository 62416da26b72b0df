internal import Configuration
internal import Fleet
internal import Link
internal import Routing

/// Replicas that come, drain and go.
extension WorkloadState {
    /// The controller says which replicas there are.
    mutating func apply(_ update: FleetUpdate, at now: Double, effects: inout RoutingEffects) {
        let numbers = Set(update.replicas.map(\.number))
        for number in replicas.keys.sorted() where !numbers.contains(number) { remove(number, effects: &effects) }
        for address in update.replicas { apply(address, effects: &effects) }
        take(update.engineTimes)
        placeWaiting(changed: nil, at: now, effects: &effects)
    }

    private mutating func apply(_ address: ReplicaAddress, effects: inout RoutingEffects) {
        if let known = replicas[address.number], known.host != address.host || known.port != address.port {
            remove(address.number, effects: &effects)
        }
        let replica = replicas[address.number] ?? add(address)
        dispatcher.table.setWeight(max(address.weight, 1), replica.slot)
        // A drain that the gateway began goes on, even if the controller wrote this before it knew.
        if address.isDraining {
            replica.isDraining = true
            replica.saidDrained = false
        }
        refresh(replica)
        settle(replica, effects: &effects)
    }

    private mutating func add(_ address: ReplicaAddress) -> Replica {
        let health = ReplicaHealth(
            failureLimit: settings.routing.ejectAfterFailures, ejectionTime: settings.routing.ejectionTime.seconds)
        let replica = Replica(number: address.number, host: address.host, port: address.port, health: health)
        replica.slot = dispatcher.table.open(startOrder: address.number)
        while slots.count <= replica.slot { slots.append(nil) }
        slots[replica.slot] = replica
        replicas[address.number] = replica
        return replica
    }

    private mutating func remove(_ number: Int, effects: inout RoutingEffects) {
        guard let replica = replicas.removeValue(forKey: number) else { return }
        replica.isRemoved = true
        refresh(replica)
        settle(replica, effects: &effects)
    }

    /// Chooses a replica to drain: an ejected one if there is one, else the one with the least to finish.
    mutating func drainOne(effects: inout RoutingEffects) {
        let ejected = slots.compactMap { $0 }.last { !$0.isDraining && !$0.isRemoved && $0.health.isEjected }
        guard let replica = ejected ?? dispatcher.table.drainVictim().flatMap({ slots[$0] }) else {
            let reason = replicas.isEmpty ? "it has no replica" : "all of its replicas drain already"
            effects.messages.append(.drainRefused(workload: settings.id.description, reason: reason))
            return
        }
        replica.isDraining = true
        refresh(replica)
        effects.messages.append(.drainBegan(workload: settings.id.description, replica: replica.number))
        settle(replica, effects: &effects)
    }

    /// Brings what the table offers in line with what the replica is.
    mutating func refresh(_ replica: Replica) {
        let isOffered = !replica.isDraining && !replica.isRemoved && replica.health.takesRequests
        guard dispatcher.table[replica.slot].isReady != isOffered else { return }
        if isOffered { dispatcher.table.markReady(replica.slot) } else { dispatcher.table.beginDrain(replica.slot) }
    }

    /// Says that a draining replica is empty; gives the slot of one that is gone back.
    mutating func settle(_ replica: Replica, effects: inout RoutingEffects) {
        refresh(replica)
        guard dispatcher.table[replica.slot].runningRequests == 0 else { return }
        if replica.isRemoved {
            dispatcher.table.close(replica.slot)
            slots[replica.slot] = nil
        } else if replica.isDraining, !replica.saidDrained {
            replica.saidDrained = true
            effects.messages.append(.drained(workload: settings.id.description, replica: replica.number))
        }
    }

    /// The replicas as the gateway knows them.
    func fleet() -> FleetUpdate {
        FleetUpdate(
            workload: settings.id.description,
            replicas: replicas.keys.sorted().compactMap { replicas[$0] }.map { replica in
                ReplicaAddress(
                    number: replica.number, host: replica.host, port: replica.port, isDraining: replica.isDraining,
                    weight: dispatcher.table[replica.slot].weight)
            })
    }

    /// Says again which draining replicas are empty: whoever listens is new.
    mutating func repeatDrained(effects: inout RoutingEffects) {
        for number in replicas.keys.sorted() {
            guard let replica = replicas[number], replica.isDraining else { continue }
            replica.saidDrained = false
            settle(replica, effects: &effects)
        }
    }
}
