package import Control
package import Fleet

/// KEDA: its executor switches between nothing and something, the HorizontalPodAutoscaler that it makes does the rest.
///
/// The trigger is the number of waiting requests with threshold 5; `keda-queue+conc` has a second one on requests in
/// flight, whose threshold is the steady concurrency, and the larger wish counts. The executor acts only when the lower
/// bound is 0: it wakes the workload when a trigger is above 0 at one of its polls (every 30 s), and after 300 s without
/// goes from any number straight to 0, past the rate limits of the autoscaler.
///
/// Sees both figures as they were 15 s ago. Knob: both thresholds are divided by it.
/// Source: kedacore/keda, `pkg/scaling/executor/scale_scaledobjects.go`, `controllers/keda/hpa.go`.
package struct KEDAPolicy: ScalingPolicy {
    /// Waiting requests per replica.
    package static let queueThreshold = 5.0
    package static let pollingInterval = Duration.seconds(30)
    package static let cooldownPeriod = Duration.seconds(300)

    package let name: String
    package let observationDelay = scrapeDelay
    private let queueThreshold: Double
    /// Nil without the second trigger.
    private let concurrencyThreshold: Double?
    private var autoscaler = HorizontalPodAutoscaler()
    private var lastActive: Instant?
    private var nextPoll: Instant?

    /// - Parameters:
    ///   - context: gives the thresholds.
    ///   - withConcurrency: adds the trigger on requests in flight.
    package init(_ context: PolicyContext, withConcurrency: Bool) {
        name = withConcurrency ? "keda-queue+conc" : "keda-queue"
        queueThreshold = KEDAPolicy.queueThreshold / context.knob
        concurrencyThreshold = withConcurrency ? context.targetConcurrency : nil
    }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? {
        now + HorizontalPodAutoscaler.syncPeriod
    }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        if let switched = pollExecutor(input) { return switched }
        // At 0 the autoscaler rests; above, its minimum is at least 1.
        guard input.desired > 0 else { return ScalingDecision(0, .steady) }
        let bounds = ReplicaBounds(min: max(input.bounds.min, 1), max: max(input.bounds.max, 1))
        return autoscaler.sync(
            metrics: metrics(input.samples.latest), current: input.desired, ready: input.current, bounds: bounds,
            at: input.now)
    }

    private func metrics(_ sample: WorkloadSample?) -> [HorizontalMetric] {
        guard let sample else { return [.invalid] }
        let queue = HorizontalMetric.averageValue(total: Double(sample.queuedRequests), target: queueThreshold)
        guard let concurrencyThreshold else { return [queue] }
        return [queue, .averageValue(total: Double(sample.inFlightRequests), target: concurrencyThreshold)]
    }

    private func isActive(_ sample: WorkloadSample) -> Bool {
        sample.queuedRequests > 0 || (concurrencyThreshold != nil && sample.inFlightRequests > 0)
    }

    /// What the executor does at this instant; nil when it leaves the fleet to the autoscaler.
    private mutating func pollExecutor(_ input: PolicyInput) -> ScalingDecision? {
        guard input.bounds.min == 0, nextPoll.map({ input.now >= $0 }) ?? true else { return nil }
        nextPoll = input.now + KEDAPolicy.pollingInterval
        guard let sample = input.samples.latest else { return nil }
        if isActive(sample) {
            lastActive = input.now
            return input.desired == 0 ? ScalingDecision(1, .load) : nil
        }
        let isCool = lastActive.map { input.now > $0 + KEDAPolicy.cooldownPeriod } ?? true
        return input.desired > 0 && isCool ? ScalingDecision(0, .load) : nil
    }
}
