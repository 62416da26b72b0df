internal import Configuration
internal import Fleet
internal import Routing

/// Settings that change while it serves.
extension WorkloadState {
    /// Takes changed settings; what waits and what is in flight goes on under them.
    mutating func reconfigure(_ settings: WorkloadSettings, at now: Double, effects: inout RoutingEffects) {
        self.settings = settings
        isRetired = false
        dispatcher.choice = settings.routing.replicaChoice
        dispatcher.queue.limit = max(settings.queue.requestLimit, 1)
        budget.share = settings.routing.retryBudget
        for replica in slots {
            replica?.health.failureLimit = settings.routing.ejectAfterFailures
            replica?.health.ejectionTime = settings.routing.ejectionTime.seconds
        }
        placeWaiting(changed: nil, at: now, effects: &effects)
    }

    /// The workload was removed: what waits is refused, what is in flight may end.
    mutating func retire(effects: inout RoutingEffects) {
        isRetired = true
        for id in waiting.keys.sorted() {
            guard let exchange = waiting.removeValue(forKey: id) else { continue }
            _ = dispatcher.queue.remove(id: id)
            effects.refused.append(exchange)
        }
        effects.refused += retrying
        retrying = []
        queuedBytes = 0
    }

    /// Removed, and nothing is left of it.
    var isSpent: Bool { isRetired && replicas.isEmpty && counters.inFlight == 0 }
}
