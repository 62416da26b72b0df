package import Control
package import Fleet
internal import Forecasting
internal import Performance

/// Tideway's own policy, first version: forecast over the start-up time with a measured error, capacity curve, reactive
/// guard, economic scale-down.
///
/// - Demand is work in steady replicas (`SteadyWork`).
/// - It is forecast one start-up and 30 s ahead (`DemandForecaster`); the 0.75 quantile of its latest errors is added.
/// - A pool's capacity is no multiple of one replica's (`CapacityCurve`).
/// - Guard: whatever the forecast says, never fewer than the present load needs: the demand of the last 30 s, and the
///   queue's work cleared within 30 s.
/// - Replicas are given back when holding them costs more than needing them again (`ReplicaKeeper`).
///
/// Every 10 s; sees what has arrived, simulated 1 s after it was measured. These times hold for start-ups of a minute and more;
/// for shorter ones they shrink (`DecisionPace`). Knob: demand is multiplied by it.
package struct TidewayPolicy: ScalingPolicy {
    /// Between decisions, in seconds; shrunk, but never under a second.
    package static let tick = 10.0
    /// Looked ahead beyond the start-up, in seconds: decision, observation and dispatch take their time.
    package static let extraHorizon = 30.0
    /// Share of forecasts that should cover what comes. The capacity curve has room for the rest, as it is for 99 % good.
    package static let quantile = 0.75
    /// Margin on a forecast whose error is not known yet.
    package static let unknownMargin = 0.2
    /// Window of the present demand, in seconds.
    package static let presentWindow = 30.0
    /// The queue's work should be done within this time, in seconds.
    package static let clearingTime = 30.0

    package let name = "tideway"
    package let observationDelay = ObservationDelay.delivered(after: .seconds(1))
    private let pace: DecisionPace
    private let cadence: DecisionCadence
    private let context: PolicyContext
    private let work: SteadyWork
    private let curve: CapacityCurve
    /// All that it remembers.
    package var state: State

    /// What it has learned and must not forget in a restart.
    package struct State: Hashable, Sendable, Codable {
        var forecaster: DemandForecaster
        var keeper: ReplicaKeeper
        var learner = PerformanceLearner()
        /// The newest sample at its last decision, as numbers.
        var lastSample: [Double]?

        init(pace: DecisionPace) {
            forecaster = DemandForecaster(quantile: TidewayPolicy.quantile, pace: pace.windows)
            keeper = ReplicaKeeper(pace: pace)
        }
    }

    /// Its longest window is that of the requests that finished lately.
    package var memory: Duration? { .seconds(RecentLengths.window) }

    /// - Parameter context: gives operating point, objective and start-up time.
    package init(_ context: PolicyContext) {
        self.context = context
        work = SteadyWork(context)
        curve = CapacityCurve(context.operatingPoint)
        pace = DecisionPace(startUp: context.startUpMedian)
        cadence = DecisionCadence(interval: .seconds(max(TidewayPolicy.tick * pace.windows, 1)))
        state = State(pace: pace)
    }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { cadence.next(after: now) }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        state.learner.learn(from: input.samples, profile: context.profile)
        let output = outputTokens(input.samples)
        let absence =
            (input.startUp?.median ?? context.startUpMedian) + .seconds(TidewayPolicy.extraHorizon * pace.windows)
        guard let forecast = forecast(input.samples, outputTokens: output, horizon: absence),
            let present = present(input.samples, outputTokens: output)
        else { return ScalingDecision(input.desired, .noData) }
        let ahead = replicas(for: forecast)
        let now = max(replicas(for: present), input.presentNeedMax)
        let desired = state.keeper.desired(needed: max(ahead, now), at: input.now, absence: absence)
        return ScalingDecision(
            desired, reason(desired: desired, ahead: ahead, now: now, current: input.desired))
    }

    package func presentNeed(_ input: PolicyInput) -> Int? {
        let output = outputTokens(input.samples)
        // A rate over a second or two is mostly chance: until the window is full the queue alone counts.
        guard input.samples.age >= presentWindow else {
            return input.samples.latest.map { replicas(for: waiting($0, outputTokens: output)) }
        }
        return present(input.samples, outputTokens: output).map(replicas)
    }

    private var presentWindow: Double { max(TidewayPolicy.presentWindow * pace.windows, 2) }

    /// What waits.
    private func waiting(_ sample: WorkloadSample, outputTokens: Double) -> Double {
        work.replicas(
            for: Demand(queuedIn: sample, clearedWithin: TidewayPolicy.clearingTime * pace.windows),
            outputTokens: outputTokens)
    }

    private func outputTokens(_ samples: SampleView) -> Double {
        RecentLengths(samples, fallback: context.operatingPoint.shape).outputTokens
    }

    private func replicas(for demand: Double) -> Int { curve.replicas(for: demand * context.knob * slowness) }

    private var slowness: Double {
        state.learner.slowness(of: context.profile, context.operatingPoint.shape, context.slo.limits)
    }

    private func reason(desired: Int, ahead: Int, now: Int, current: Int) -> PlanReason {
        if desired > max(ahead, now) { return .stabilised }
        if desired == current { return .steady }
        return now > ahead ? .burst : .forecast
    }

    /// The demand to be ready for one horizon from now; nil unless something new was measured.
    private mutating func forecast(_ samples: SampleView, outputTokens: Double, horizon: Duration) -> Double? {
        let last = state.lastSample.flatMap(WorkloadSample.init(numbers:))
        guard let latest = samples.latest, latest.at != last?.at else { return nil }
        defer { state.lastSample = latest.numbers }
        guard let earlier = last,
            let arrived = Demand(from: earlier, to: latest)
        else { return nil }
        let measured = work.replicas(for: arrived, outputTokens: outputTokens)
        state.forecaster.append(measured, at: latest.at)
        let ahead = state.forecaster.forecast(at: latest.at, horizon: horizon).last
        return ahead.quantile(TidewayPolicy.quantile).map { max($0, ahead.mean) }
            ?? (1 + TidewayPolicy.unknownMargin) * ahead.mean
    }

    /// What arrives now, and what waits.
    private func present(_ samples: SampleView, outputTokens: Double) -> Double? {
        guard let latest = samples.latest,
            let earlier = samples.sample(secondsAgo: presentWindow),
            let arriving = Demand(from: earlier, to: latest)
        else { return nil }
        return work.replicas(for: arriving, outputTokens: outputTokens) + waiting(latest, outputTokens: outputTokens)
    }
}
