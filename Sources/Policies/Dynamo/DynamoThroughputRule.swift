internal import Control
internal import Fleet
internal import Forecasting
internal import Performance

/// The throughput mode of NVIDIA Dynamo's planner: the requests predicted for the next interval over the rate of one
/// engine at the mean lengths of now.
struct DynamoThroughputRule: Sendable {
    /// How the next interval's requests are predicted.
    enum Predictor: Hashable, Sendable {
        /// As many as in the last one.
        case constant
        /// By a local linear trend; as many as in the last one until there are enough points.
        case kalman
    }

    static let levelNoise = 1.0
    static let trendNoise = 0.1
    static let measurementNoise = 10.0
    /// Points from which the filter is believed.
    static let pointsMin = 5

    let interval: Duration
    private let context: PolicyContext
    private let predictor: Predictor
    private var filter = LocalLinearTrendFilter(
        levelNoise: levelNoise, trendNoise: trendNoise, measurementNoise: measurementNoise)

    init(_ context: PolicyContext, interval: Duration, predictor: Predictor) {
        self.context = context
        self.interval = interval
        self.predictor = predictor
    }

    /// Counts the interval that ends now, and says how many replicas the next one needs; nil without figures.
    mutating func replicas(_ samples: SampleView) -> Int? {
        guard let rate = samples.rate(over: interval.seconds, of: { Double($0.arrivedRequests) }) else { return nil }
        let counted = rate * interval.seconds
        // Zeros before the first traffic are no points.
        if counted > 0 || filter.count > 0 { filter.append(counted) }
        let isTrusted = predictor == .kalman && filter.count >= DynamoThroughputRule.pointsMin
        let predicted = isTrusted ? max(filter.next, 0) : counted
        let lengths = lengths(samples)
        return max(replicas(forRate: predicted / interval.seconds, lengths), replicasForPrefill(lengths), 1)
    }

    /// The interval's means: prompts of what arrived in it, outputs of what finished in it.
    private func lengths(_ samples: SampleView) -> RecentLengths {
        var lengths = RecentLengths(samples, fallback: context.operatingPoint.shape, window: interval.seconds)
        lengths.takePrompts(arrivedIn: samples, window: interval.seconds)
        return lengths
    }

    /// `ceil(rate / rate of one engine)`, the engine's at the largest batch that keeps the inter-token objective.
    private func replicas(forRate rate: Double, _ lengths: RecentLengths) -> Int {
        let objectives = Objectives(context.slo, promptTokens: lengths.promptTokens)
        let engineRate =
            objectives.itl.isFinite
            ? context.profile.fluidPoint(lengths.shape, itl: objectives.itl).rate : context.operatingPoint.steadyRate
        guard engineRate > 0 else { return 1 }
        return Int(covering: rate * context.knob / engineRate)
    }

    /// `ceil(TTFT / objective)` when even a prompt alone takes too long.
    private func replicasForPrefill(_ lengths: RecentLengths) -> Int {
        let alone = context.profile.prefillWork(uncachedTokens: lengths.uncachedTokens)
        let limit = Objectives(context.slo, promptTokens: lengths.promptTokens).ttft
        return alone > limit ? Int(covering: alone / limit) : 1
    }
}
