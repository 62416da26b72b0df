internal import Control
internal import Fleet
internal import Performance
internal import Routing

extension Plant {
    /// What a monitoring system would read now.
    func sample() -> WorkloadSample {
        var sample = WorkloadSample(at: Instant(seconds: now))
        sample.arrivedRequests = counters.arrived
        sample.arrivedPromptTokens = counters.arrivedPromptTokens
        sample.arrivedUncachedTokens = counters.arrivedUncachedTokens
        sample.finishedRequests = counters.finished
        sample.finishedPromptTokens = counters.finishedPromptTokens
        sample.finishedUncachedTokens = counters.finishedUncachedTokens
        sample.finishedOutputTokens = counters.finishedOutputTokens
        sample.timedTokens = counters.finishedOutputTokens - counters.finished
        sample.decodeSeconds = counters.decodeSeconds
        sample.goodRequests = counters.good
        sample.inFlightSeconds = counters.inFlightSeconds(at: now)
        sample.queuedRequests = dispatcher.waitingCount
        sample.queuedPromptTokens = dispatcher.waitingPromptTokens
        sample.queuedUncachedTokens = dispatcher.waitingUncachedTokens
        sample.replicas.reserveCapacity(dispatcher.table.slotCount)
        for slot in 0..<dispatcher.table.slotCount { addReplica(slot, to: &sample) }
        return sample
    }

    /// The replicas that there are, in the order of their ids.
    var replicas: [Replica] {
        var replicas: [Replica] = []
        replicas.reserveCapacity(dispatcher.table.slotCount)
        for slot in 0..<dispatcher.table.slotCount {
            switch slots[slot].phase {
            case .empty: continue
            case .starting: replicas.append(Replica(id: slots[slot].id, state: .starting))
            case .ready: replicas.append(Replica(id: slots[slot].id, state: .ready))
            case .draining: replicas.append(Replica(id: slots[slot].id, state: .draining))
            }
        }
        return replicas.sorted { $0.id < $1.id }
    }

    private func addReplica(_ slot: Int, to sample: inout WorkloadSample) {
        let isReady: Bool
        switch slots[slot].phase {
        case .empty, .starting: return
        case .ready: isReady = true
        case .draining: isReady = false
        }
        sample.queuedRequests += engines[slot].waitingCount
        sample.queuedPromptTokens += engines[slot].waitingPromptTokens
        sample.queuedUncachedTokens += engines[slot].waitingUncachedTokens
        sample.runningRequests += engines[slot].runningCount
        sample.replicas.append(
            ReplicaSample(
                id: slots[slot].id, isReady: isReady, runningRequests: engines[slot].runningCount,
                waitingRequests: engines[slot].waitingCount, decodingRequests: engines[slot].decodingCount,
                prefillQueuedTokens: engines[slot].prefillQueuedTokens,
                contextTokens: Int(engines[slot].contextTokens(at: now)), reservedTokens: engines[slot].reservedTokens))
    }

    /// Sums that must hold after every event; evaluated in debug builds alone.
    func isConsistent() -> Bool {
        dispatcher.table.checkInvariants()
        var running = dispatcher.waitingCount
        for slot in 0..<dispatcher.table.slotCount where dispatcher.table[slot].isOpen {
            let held = engines[slot].runningCount + engines[slot].waitingCount
            precondition(held == dispatcher.table[slot].runningRequests, "slot \(slot) holds \(held) requests")
            precondition(events.time(of: slot) >= now - 1e-4, "slot \(slot) has an event in the past")
            running += held
        }
        precondition(running == counters.inFlight, "\(counters.inFlight) requests in flight, \(running) found")
        return true
    }
}
