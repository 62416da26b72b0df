package import Control
package import Fleet
internal import Performance

/// llm-d's Workload Variant Autoscaler, token analyzer (V2): tokens wanted against tokens that a replica can hold, then
/// a HorizontalPodAutoscaler on the number that it publishes.
///
/// Demand = context tokens in use (of each replica its largest of the last minute) + queued uncached tokens + queued
/// requests x mean output. Capacity of a replica = min(0.8 C, k2); k2 = the mean of the last 10 readings of tokens in use
/// per replica taken while at least 5 requests per replica waited; before the first, `N (in + out/2)` with
/// `N = min(S out/(in+out), B)`. It adds `ceil(demand/0.85/capacity - replicas)`, loading ones counted, and else removes
/// `floor(ready - demand/0.70/capacity)`: loading ones are never spare.
///
/// Every 15 s; sees all of it as it was 15 s ago. Knob: both thresholds are divided by it.
/// Source: llm-d WVA, `internal/engines/analyzers/saturation_v2`, `internal/config/saturation_scaling.go`.
package struct WVAPolicy: ScalingPolicy {
    /// Share of the memory for context that may be used.
    package static let memoryUtilization = 0.8
    package static let scaleUpThreshold = 0.85
    package static let scaleDownThreshold = 0.70
    /// Waiting requests per replica from which its tokens in use are a reading of its capacity.
    package static let saturationQueue = 5.0
    package static let readingsMax = 10
    /// Window of the largest use, in seconds.
    package static let useWindow = 60.0

    package let name = "wva-v2"
    package let observationDelay = scrapeDelay
    private let context: PolicyContext
    private var readings: [Double] = []
    private var autoscaler = HorizontalPodAutoscaler()

    /// - Parameter context: gives the memory limits.
    package init(_ context: PolicyContext) { self.context = context }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? {
        now + HorizontalPodAutoscaler.syncPeriod
    }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        guard let sample = input.samples.latest else { return autoscaler.sync(metrics: [.invalid], input) }
        takeReading(sample)
        let lengths = RecentLengths(input.samples, fallback: context.operatingPoint.shape)
        let demand =
            largestUse(input.samples, of: sample.replicas) + Double(sample.queuedUncachedTokens)
            + Double(sample.queuedRequests) * lengths.outputTokens
        let published = wanted(demand / capacity(lengths), current: input.desired, ready: input.ready)
        return autoscaler.sync(metrics: [.averageValue(total: Double(published), target: 1)], input)
    }

    /// The sum over the replicas that serve now of each one's largest use of the window.
    private func largestUse(_ samples: SampleView, of replicas: [ReplicaSample]) -> Double {
        var largest: [ReplicaID: Int] = [:]
        samples.forEach(over: WVAPolicy.useWindow) { sample in
            for replica in sample.replicas {
                largest[replica.id] = max(largest[replica.id] ?? 0, replica.contextTokens)
            }
        }
        return Double(replicas.reduce(0) { $0 + (largest[$1.id] ?? 0) })
    }

    /// While replicas are saturated, what they hold now is what they can hold.
    private mutating func takeReading(_ sample: WorkloadSample) {
        let ready = Double(sample.readyReplicas)
        guard ready > 0, Double(sample.queuedRequests) >= WVAPolicy.saturationQueue * ready else { return }
        readings.append(Double(sample.replicas.reduce(0) { $0 + $1.contextTokens }) / ready)
        if readings.count > WVAPolicy.readingsMax { readings.removeFirst() }
    }

    /// Tokens that one replica can hold while it keeps up; at least one, whatever was read.
    private func capacity(_ lengths: RecentLengths) -> Double {
        let byMemory = WVAPolicy.memoryUtilization * Double(context.profile.kvTokens)
        guard readings.isEmpty else { return max(min(byMemory, readings.reduce(0, +) / Double(readings.count)), 1) }
        let prompt = lengths.promptTokens
        let output = lengths.outputTokens
        let share = output / max(prompt + output, 1)
        let batch = min(context.profile.chunkTokens * share, Double(context.profile.maxBatch))
        return max(min(byMemory, batch * (prompt + output / 2)), 1)
    }

    /// The number that it publishes, for a demand in capacities of one replica.
    private func wanted(_ load: Double, current: Int, ready: Int) -> Int {
        let needed = load / (WVAPolicy.scaleUpThreshold / context.knob)
        if needed > Double(current) { return Int(covering: needed) }
        // Only what serves already can be spare: ready - kept, rounded down. One always stays.
        let kept = Int(covering: load / (WVAPolicy.scaleDownThreshold / context.knob))
        return max(current - max(ready - kept, 0), 1)
    }
}
