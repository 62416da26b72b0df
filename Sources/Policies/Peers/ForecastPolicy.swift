package import Control
package import Fleet
internal import Forecasting
internal import Performance

/// A naive predictive scaler, the mark that every forecast has to beat: the demand of the last minute, its slope over 5
/// minutes, a margin, and a maximum against flapping.
///
/// Demand is work in steady replicas (`SteadyWork`), with the mean output of the last 300 s of finished requests for
/// each request. Predicted = demand of the last 60 s + its slope (when positive) x (start-up + 30 s); the fleet is
/// `ceil(1.2 x predicted)`, and shrinks to the largest such figure of the last 300 s. The slope is that of the least-squares
/// line through the last five one-minute figures.
///
/// Every 15 s; sees the gateway's figures 1 s ago. Knob: the factor 1.2 is multiplied by it.
/// Source: the reference plant, section 9.
package struct ForecastPolicy: ScalingPolicy {
    package static let margin = 1.2
    /// Looked ahead beyond the start-up: two ticks, in seconds.
    package static let extraHorizon = 30.0
    package static let downWindow = Duration.seconds(300)

    package let name = "forecast"
    package let observationDelay = ObservationDelay.fixed(.seconds(1))
    private let cadence = DecisionCadence(interval: .seconds(15))
    private let context: PolicyContext
    private let work: SteadyWork
    private var wanted = SlidingMaximum(window: downWindow)

    /// - Parameter context: gives operating point and start-up time.
    package init(_ context: PolicyContext) {
        self.context = context
        work = SteadyWork(context)
    }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { cadence.next(after: now) }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        guard let predicted = predict(input.samples) else { return ScalingDecision(input.desired, .noData) }
        let needed = Int(covering: ForecastPolicy.margin * context.knob * predicted)
        let kept = Int(wanted.append(Double(needed), at: input.now))
        return ScalingDecision(kept, kept == input.desired ? .steady : kept > needed ? .stabilised : .forecast)
    }

    /// Steady replicas needed one start-up and 30 s from now; nil without two samples.
    func predict(_ samples: SampleView) -> Double? {
        let output = RecentLengths(samples, fallback: context.operatingPoint.shape).outputTokens
        guard let trend = RecentTrend(samples, work, outputTokens: output) else { return nil }
        return trend.level + max(trend.slope ?? 0, 0) * (context.startUpMedian.seconds + ForecastPolicy.extraHorizon)
    }
}
