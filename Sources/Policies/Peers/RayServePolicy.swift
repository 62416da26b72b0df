package import Control
package import Fleet

/// Ray Serve's autoscaler: ongoing requests (queued at handles and running) against a target per replica, applied when
/// the wish has kept its direction long enough.
///
/// A tick every 5 s; the mean of the last 30 s of what was pushed every 10 s; target = steady concurrency. It grows
/// after more than 30 s of wishes to grow and shrinks after more than 600 s of wishes to shrink, each time to the latest
/// wish; a wish in the other direction, or none, starts the count anew. Knob: the target is divided by it.
/// Source: ray-project/ray, `python/ray/serve/autoscaling_policy.py`.
package struct RayServePolicy: ScalingPolicy {
    /// `look_back_period_s`.
    package static let lookBack = 30.0
    package static let upscaleDelay = Duration.seconds(30)
    package static let downscaleDelay = Duration.seconds(600)
    /// The control loop of the reference plant; Ray's own runs every 0.1 s on figures that change every 10 s.
    package static let tick = Duration.seconds(5)

    package let name = "ray-serve"
    package let observationDelay = ObservationDelay.pushed(every: .seconds(10))
    private let cadence = DecisionCadence(interval: tick)
    private let target: Double
    private let upscalingFactor = 1.0
    private var counter = DirectionCounter(
        upAfter: Int(upscaleDelay.seconds / tick.seconds) + 1, downAfter: Int(downscaleDelay.seconds / tick.seconds) + 1
    )

    /// - Parameter context: gives the target.
    package init(_ context: PolicyContext) { target = context.targetConcurrency }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { cadence.next(after: now) }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        guard
            let ongoing = input.samples.mean(over: RayServePolicy.lookBack, of: { Double($0.inFlightRequests) })
        else { return ScalingDecision(input.desired, .noData) }
        if input.ready == 0 {
            // Nothing runs: wake at once, and do not look at a ratio per replica.
            let woken = ongoing > 0 ? max(Int(covering: upscalingFactor), input.desired) : input.desired
            return ScalingDecision(woken, .load)
        }
        let wish = input.bounds.clamp(Int(covering: ongoing / target))
        return counter.decide(wish: wish, current: input.desired)
    }
}
