internal import Control
internal import Fleet
internal import Performance

/// What the present load needs.
extension TidewayPolicy {
    /// Chance alone exceeds this many standard deviations hardly ever.
    static let surgeDeviations = 4.0
    /// Variance over mean of the work of requests, in requests: lengths differ.
    static let surgeVariance = 2.0
    /// Window in which a surge is seen, in seconds.
    static let surgeWindow = 10.0

    /// The window of the present demand at this pace, in seconds.
    var presentWindow: Double { max(TidewayPolicy.presentWindow * pace.windows, 2) }

    /// What arrives now, and what waits, in steady replicas.
    func present(_ samples: SampleView, outputTokens: Double) -> Double? {
        guard let latest = samples.latest,
            let earlier = samples.sample(secondsAgo: presentWindow),
            let arriving = Demand(from: earlier, to: latest)
        else { return nil }
        return work.replicas(for: arriving, outputTokens: outputTokens) + waiting(latest, outputTokens: outputTokens)
    }

    /// What waits.
    func waiting(_ sample: WorkloadSample, outputTokens: Double) -> Double {
        let time = context.inTimeFirst ? TidewayPolicy.lateClearingTime : TidewayPolicy.clearingTime
        return work.replicas(
            for: Demand(queuedIn: sample, clearedWithin: time * pace.share), outputTokens: outputTokens)
    }

    /// What a surge needs, in steady replicas; 0 unless far more arrives than was planned for, and more than by chance.
    /// Where bursts are foreseen, none is reacted to.
    func surge(_ samples: SampleView, outputTokens: Double) -> Double {
        guard foresight(.bursts) == nil else { return 0 }
        let window = max(TidewayPolicy.surgeWindow * pace.windows, 2)
        let usual = max(state.planned, state.outlook.longMean)
        guard usual > 0, samples.age >= presentWindow, let latest = samples.latest,
            let earlier = samples.sample(secondsAgo: window), let arriving = Demand(from: earlier, to: latest)
        else { return 0 }
        let rate = work.replicas(for: arriving, outputTokens: outputTokens)
        // Requests of the window that one steady replica carries.
        let requests = window * context.operatingPoint.steadyRate
        let chance =
            TidewayPolicy.surgeDeviations * (usual * requests * TidewayPolicy.surgeVariance).squareRoot() / requests
        guard rate > max(settings.surgeThreshold * usual, usual + chance) else { return 0 }
        return rate + waiting(latest, outputTokens: outputTokens)
    }
}
