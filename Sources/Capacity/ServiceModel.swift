internal import Fleet
internal import Performance
internal import Routing

/// A service that is no language model: `c B` servers with a constant service time and one line.
struct ServiceModel: PoolModel {
    /// Of one request, in seconds.
    private let service: Double
    /// Requests that a replica serves at once.
    private let concurrency: Double
    /// From arrival to answer, in seconds.
    private let limit: Double
    private let passesOver: Bool

    init(_ profile: PerformanceProfile, limit: Double, passesOver: Bool) {
        service = profile.c0
        concurrency = Double(profile.maxBatch)
        self.limit = limit
        self.passesOver = passesOver
    }

    /// All who come are served in the end, also those who are late: at full use the line of the late grows for ever.
    var rateMax: Double { limit >= service ? concurrency / service * 0.998 : 0 }

    func attainment(_ load: PoolLoad) -> Double {
        guard load.rate > 0 else { return 1 }
        let expected = load.rate * load.replicas * limit
        let dispersion = load.dispersion(expecting: expected, growth: PoolConstants.fitted(.fcfs).growth)
        let line = WaitingLine(
            utilization: load.rate * service / concurrency, servers: load.replicas * concurrency, service: service,
            variability: max(dispersion / 2, PoolConstants.variabilityMin))
        return 1 - (passesOver ? line.lost(after: limit - service) : line.late(after: limit - service))
    }
}
