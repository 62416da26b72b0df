package import Control
package import Fleet

/// Kubernetes' HorizontalPodAutoscaler on requests in flight (queued and running), an external metric of type
/// `AverageValue` whose target is the steady concurrency of one replica.
///
/// Sees the number in flight 15 s ago. Knob: the target is divided by it. Source: see `HorizontalPodAutoscaler`.
package struct HPAPolicy: ScalingPolicy {
    package let name = "hpa"
    package let observationDelay = scrapeDelay
    private let targetConcurrency: Double
    private var autoscaler = HorizontalPodAutoscaler()

    /// - Parameter context: gives the target.
    package init(_ context: PolicyContext) { targetConcurrency = context.targetConcurrency }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? {
        now + HorizontalPodAutoscaler.syncPeriod
    }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        let metric: HorizontalMetric =
            input.samples.latest.map {
                .averageValue(total: Double($0.inFlightRequests), target: targetConcurrency)
            } ?? .invalid
        return autoscaler.sync(metrics: [metric], input)
    }
}

extension HorizontalPodAutoscaler {
    /// One sync on what a policy sees. Replicas that load count as running pods, as they do for every metric but CPU.
    mutating func sync(metrics: [HorizontalMetric], _ input: PolicyInput) -> ScalingDecision {
        sync(
            metrics: metrics, current: input.desired, ready: input.current, bounds: input.bounds, at: input.now)
    }
}
