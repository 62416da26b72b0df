internal import Fleet
internal import Performance
internal import Routing

extension Plant {
    /// Opens a slot for a replica that becomes ready, or fails, at `readyAt`.
    mutating func start(_ id: ReplicaID, orderedAt: Double, readyAt: Double, fails: Bool) {
        let slot = openSlot(id, orderedAt: orderedAt)
        slots[slot].phase = .starting(fails: fails)
        events.set(slot, readyAt)
    }

    /// Puts a replica in service at once: part of the fleet that a run starts with.
    mutating func adopt(_ id: ReplicaID) {
        let slot = openSlot(id, orderedAt: now)
        slots[slot].phase = .ready
        dispatcher.table.markReady(slot)
    }

    private mutating func openSlot(_ id: ReplicaID, orderedAt: Double) -> Int {
        let slot = dispatcher.table.open(startOrder: id.number)
        reserveSlots(slot + 1)
        slots[slot] = PlantSlot()
        slots[slot].id = id
        slots[slot].orderedAt = orderedAt
        engines[slot] = BatchingReplica(profile: profile, time: now, memory: memory)
        return slot
    }

    /// Gives up a start. False when the replica is not starting.
    mutating func cancel(_ id: ReplicaID) -> Bool {
        guard let slot = slot(of: id), case .starting = slots[slot].phase else { return false }
        bill.endStartUp(orderedAt: slots[slot].orderedAt, at: now)
        close(slot)
        return true
    }

    /// Drains the victim that the router names; nil when no replica is ready.
    mutating func drainOne() -> (id: ReplicaID, isStopped: Bool)? {
        guard let slot = dispatcher.table.drainVictim() else { return nil }
        let id = slots[slot].id
        dispatcher.table.beginDrain(slot)
        slots[slot].phase = .draining
        return (id, stopIfDrained(slot) != nil)
    }

    /// The replica is gone at once. Requests without a first token go back to the front of the queue, in their order.
    ///
    /// - Returns: whether there was such a replica.
    mutating func crash(_ id: ReplicaID) -> Bool {
        guard let slot = slot(of: id) else { return false }
        if case .starting = slots[slot].phase { bill.endStartUp(orderedAt: slots[slot].orderedAt, at: now) }
        let lost = engines[slot].abandon(at: now)
        for sequence in lost.afterFirstToken {
            counters.fail(at: now)
            judge.fail(sequence)
        }
        close(slot)
        for sequence in lost.beforeFirstToken.reversed() { dispatcher.retry(claim(for: sequence)) }
        dispatchAll()
        return true
    }

    /// Sets a replica's speed, relative to its profile, now or for when it will be ready.
    mutating func setSpeed(of id: ReplicaID, to speed: Double) {
        speeds[id] = speed
        if let slot = slot(of: id) { takeSpeed(slot) }
    }

    /// Sets the speed of every replica that there is or will be, relative to the profile.
    mutating func setFleetSpeed(_ speed: Double) {
        fleetSpeed = speed
        for slot in 0..<dispatcher.table.slotCount { takeSpeed(slot) }
    }

    private mutating func takeSpeed(_ slot: Int) {
        switch slots[slot].phase {
        case .ready, .draining:
            engines[slot].setSpeed(speed(of: slots[slot].id), at: now)
            events.set(slot, engines[slot].nextTime)
        case .empty, .starting: break
        }
    }

    private func speed(of id: ReplicaID) -> Double { fleetSpeed * (speeds[id] ?? 1) }

    mutating func endStartUp(_ slot: Int, fails: Bool) -> FleetNews {
        let id = slots[slot].id
        mix(UInt32(truncatingIfNeeded: id.number))
        bill.endStartUp(orderedAt: slots[slot].orderedAt, at: now)
        if fails {
            close(slot)
            return .startFailed(id)
        }
        slots[slot].phase = .ready
        engines[slot] = BatchingReplica(profile: profile, time: now, memory: memory)
        let speed = speed(of: id)
        if speed != 1 { engines[slot].setSpeed(speed, at: now) }
        events.set(slot, .infinity)
        dispatcher.table.markReady(slot)
        dispatchAll()
        return .ready(id)
    }

    mutating func stopIfDrained(_ slot: Int) -> FleetNews? {
        guard case .draining = slots[slot].phase, engines[slot].isIdle else { return nil }
        let id = slots[slot].id
        close(slot)
        return .stopped(id)
    }

    /// Places what waits, after changes anywhere.
    mutating func dispatchAll() {
        while let (claim, target) = dispatcher.next(at: now) { submit(sequence(for: claim), to: target) }
    }

    private mutating func close(_ slot: Int) {
        bill.settle(slots[slot], accounts: engines[slot].accounts(at: now), at: now)
        dispatcher.table.close(slot)
        slots[slot] = PlantSlot()
        events.set(slot, .infinity)
    }

    private func slot(of id: ReplicaID) -> Int? {
        for slot in 0..<dispatcher.table.slotCount where dispatcher.table[slot].isOpen && slots[slot].id == id {
            return slot
        }
        return nil
    }
}

// MARK: The measured period

extension Plant {
    /// Notes what the replicas had done before the measured period.
    mutating func beginMeasuring() {
        inFlightSecondsMeasured = -counters.inFlightSeconds(at: now)
        for slot in 0..<dispatcher.table.slotCount where dispatcher.table[slot].isOpen {
            let accounts = engines[slot].accounts(at: now)
            slots[slot].busyBefore = accounts.busySeconds
            slots[slot].sequencesBefore = accounts.sequenceSeconds
        }
    }

    /// Settles the bill of all replicas at the end of the measured period; later ones are not billed.
    mutating func endMeasuring() {
        inFlightSecondsMeasured += counters.inFlightSeconds(at: now)
        for slot in 0..<dispatcher.table.slotCount where dispatcher.table[slot].isOpen {
            if case .starting = slots[slot].phase { bill.endStartUp(orderedAt: slots[slot].orderedAt, at: now) }
            bill.settle(slots[slot], accounts: engines[slot].accounts(at: now), at: now)
        }
        bill.close()
    }
}
