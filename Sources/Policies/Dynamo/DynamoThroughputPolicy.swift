package import Control
package import Fleet

/// NVIDIA Dynamo's planner in throughput mode: at each interval `ceil(predicted requests / rate of one engine)`.
///
/// The rate of an engine is the fluid rate at the interval's mean lengths (prompts of what arrived, outputs of what finished)
/// at the inter-token objective. When a mean prompt alone takes longer than the objective for the first token, at least `ceil(TTFT/objective)`.
/// One interval (180 or 60 s) is also its horizon, whatever a start-up takes.
///
/// Sees everything as it was 15 s ago. Knob: the rate of an engine is divided by it.
/// Source: ai-dynamo/dynamo, `planner/core/throughput_scaling.py`, `planner/core/load/predictors.py`.
package struct DynamoThroughputPolicy: ScalingPolicy {
    package let name: String
    package let observationDelay = scrapeDelay
    private var rule: DynamoThroughputRule

    /// - Parameters:
    ///   - context: gives profile and objective.
    ///   - intervalSeconds: of the plan; above 0.
    ///   - followsTrend: predicts by the Kalman filter; otherwise the last interval's count.
    package init(_ context: PolicyContext, intervalSeconds: Int, followsTrend: Bool) {
        name = "dynamo-thr\(intervalSeconds)-\(followsTrend ? "kalman" : "const")"
        rule = DynamoThroughputRule(
            context, interval: .seconds(intervalSeconds), predictor: followsTrend ? .kalman : .constant)
    }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { now + rule.interval }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        guard let replicas = rule.replicas(input.samples) else { return ScalingDecision(input.desired, .noData) }
        return ScalingDecision(replicas, replicas == input.desired ? .steady : .forecast)
    }
}
