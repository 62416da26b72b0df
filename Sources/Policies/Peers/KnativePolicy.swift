package import Control
package import Fleet

/// Knative's pod autoscaler: the concurrency averaged over a stable window, and over a short one that detects panic.
///
/// In panic, entered when the short window wants at least twice the ready replicas, the fleet never shrinks; it ends
/// 60 s after the last such tick. Per tick it grows at most to 1000 times the ready replicas and at most halves.
///
/// Every 2 s; sees the time-averaged concurrency of the whole workload 1 s ago; target 0.7 x steady concurrency.
/// Knob: the target is divided by it. Source: knative/serving, `pkg/autoscaler/scaling/autoscaler.go`.
package struct KnativePolicy: ScalingPolicy {
    /// `container-concurrency-target-percentage`.
    package static let targetUtilization = 0.7
    /// `stable-window`, in seconds; also the time that panic lasts.
    package static let stableWindow = 60.0
    /// `panic-window-percentage` 10 of the stable window, in seconds.
    package static let panicWindow = 6.0
    /// `panic-threshold-percentage` 200.
    package static let panicThreshold = 2.0
    package static let scaleUpRateMax = 1000.0
    package static let scaleDownRateMax = 2.0

    package let name = "knative-kpa"
    package let observationDelay = ObservationDelay.fixed(.seconds(1))
    private let cadence = DecisionCadence(interval: .seconds(2))
    private let target: Double
    private var isStarted = false
    /// The last tick over the threshold; nil outside panic.
    private var panicTime: Instant?
    private var panicReplicasMax = 0

    /// - Parameter context: gives the target.
    package init(_ context: PolicyContext) { target = KnativePolicy.targetUtilization * context.targetConcurrency }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { cadence.next(after: now) }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        startInPanic(input)
        guard let stable = input.samples.rate(over: KnativePolicy.stableWindow, of: { $0.inFlightSeconds }),
            let short = input.samples.rate(over: KnativePolicy.panicWindow, of: { $0.inFlightSeconds })
        else { return ScalingDecision(input.desired, .noData) }
        let ready = max(1, input.ready)
        let wantedShort = Int(covering: short / target)
        let limits = ReplicaBounds(
            min: Int(Double(ready) / KnativePolicy.scaleDownRateMax),
            max: Int(covering: KnativePolicy.scaleUpRateMax * Double(ready)))
        let wantedStable = Int(covering: stable / target)
        let desired = limits.clamp(wantedStable)
        followPanic(isOver: Double(wantedShort) / Double(ready) >= KnativePolicy.panicThreshold, at: input.now)
        guard panicTime != nil else {
            let reason: PlanReason = desired != wantedStable ? .rateLimited : desired == input.desired ? .steady : .load
            return ScalingDecision(desired, reason)
        }
        panicReplicasMax = max(panicReplicasMax, desired, limits.clamp(wantedShort))
        return ScalingDecision(panicReplicasMax, .burst)
    }

    /// A new autoscaler that finds more than one ready replica starts in panic, so that it does not shrink blindly.
    private mutating func startInPanic(_ input: PolicyInput) {
        defer { isStarted = true }
        guard !isStarted, input.ready > 1 else { return }
        panicTime = input.now
        panicReplicasMax = input.ready
    }

    private mutating func followPanic(isOver: Bool, at now: Instant) {
        if isOver {
            panicTime = now
        } else if let since = panicTime, now.seconds(since: since) > KnativePolicy.stableWindow {
            panicTime = nil
            panicReplicasMax = 0
        }
    }
}
