internal import Configuration
internal import Fleet
internal import Routing

/// Settings that change while it serves.
extension WorkloadState {
    /// Takes changed settings; what waits and what is in flight goes on under them.
    ///
    /// - Parameters:
    ///   - settings: all but the order of dispatch, which stays.
    ///   - admission: nil leaves what it was.
    ///   - now: seconds.
    ///   - effects: added to.
    mutating func reconfigure(
        _ settings: WorkloadSettings, admission: WorkloadAdmission?, at now: Double, effects: inout RoutingEffects
    ) {
        if settings.expectedShape.isFixed || self.settings.expectedShape.isFixed {
            estimates = TokenEstimates(settings.expectedShape)
        }
        self.settings = settings
        if let admission { self.admission = admission }
        setLimits()
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

    /// The controller says how long engines really take.
    mutating func take(_ times: EngineTimes?) {
        let times = times.flatMap { $0.areValid ? $0 : nil } ?? .profiled
        guard times != engineTimes else { return }
        engineTimes = times
        setLimits()
    }

    private mutating func setLimits() {
        guard dispatcher.order == .slo, var limits = admission.pacing?.limits else {
            return dispatcher.table.setLimits(admission.limits)
        }
        limits.pace = limits.pace.timed(
            base: engineTimes.fixed, requests: engineTimes.sequences, prefill: engineTimes.prefill)
        dispatcher.table.setLimits(limits)
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
