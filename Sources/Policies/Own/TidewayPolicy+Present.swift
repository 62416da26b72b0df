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
    /// A rate below this share of the mean of half an hour has all but stopped.
    static let lullShare = 0.3
    /// Seconds of traffic that make a mean worth comparing with.
    static let lullEvidence = 600.0
    /// Head-room for surges from which they are known, and need not be guessed, as a factor.
    static let knownSurge = 1.2

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
        guard rate > max(settings.surgeThreshold * usual, usual + chance(usual, over: window)) else { return 0 }
        return rate + waiting(latest, outputTokens: outputTokens)
    }

    /// How far chance alone takes a rate from its mean, in steady replicas.
    func chance(_ usual: Double, over window: Double) -> Double {
        // Requests of the window that one steady replica carries.
        let requests = window * context.operatingPoint.steadyRate
        return TidewayPolicy.surgeDeviations * (usual * requests * TidewayPolicy.surgeVariance).squareRoot() / requests
    }

    /// Looks whether what arrives has all but stopped.
    mutating func noteLull(_ samples: SampleView, outputTokens: Double) {
        guard let latest = samples.latest, let began = state.began,
            latest.at.seconds(since: began) >= TidewayPolicy.lullEvidence * pace.windows,
            let earlier = samples.sample(secondsAgo: presentWindow), let arriving = Demand(from: earlier, to: latest)
        else { return }
        let rate = work.replicas(for: arriving, outputTokens: outputTokens)
        let usual = state.outlook.longMean
        let isLull = rate < min(TidewayPolicy.lullShare * usual, usual - chance(usual, over: presentWindow))
        state.lulls.note(
            rate, usual: usual, isLull: isLull, novelty: TidewayPolicy.youth(latest.at.seconds(since: began)),
            at: latest.at)
    }

    /// The surge that a lull makes feared, in steady replicas; 0 once surges were seen (head-room goes by those), and where bursts
    /// are foreseen or replicas are there at once.
    var fearedSurge: Double {
        guard !pace.isFast, foresight(.bursts) == nil, let feared = state.lulls.feared,
            measuredSurge <= TidewayPolicy.knownSurge
        else { return 0 }
        return feared
    }

    /// Whether forecasts have missed so much that a replica is not needed again when they say, but when a surge comes. No replica is
    /// kept for that where it is there at once.
    var isBursty: Bool { !pace.isFast && measuredSurge > settings.surgeThreshold }

    /// What the measured bursts ask for at the usual caution, as a multiple of the mean of half an hour; 1 where there is none.
    private var measuredSurge: Double {
        let usual = state.outlook.longMean
        return usual > 0 ? state.surges.least(lateShare: settings.surgeLateShare).replicas(usual) / usual : 1
    }
}
