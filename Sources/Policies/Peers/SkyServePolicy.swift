package import Control
package import Fleet
internal import Performance

/// SkyServe's request-rate autoscaler: requests of the last minute over a rate per replica, with slow hysteresis.
///
/// Every 20 s; sees its own proxy's requests without delay; target = steady rate. It grows at the 15th wish in a row
/// (300 s) and shrinks at the 60th (1200 s); from nothing it follows at once. Knob: the target rate is divided by it.
/// Source: skypilot-org/skypilot, `sky/serve/autoscalers.py`, `sky/serve/constants.py`.
package struct SkyServePolicy: ScalingPolicy {
    package static let tick = Duration.seconds(20)
    /// Decision interval while there are no replicas.
    package static let idleTick = Duration.seconds(5)
    /// The window of the request rate, in seconds; the count is divided by it even when it is not full yet.
    package static let rateWindow = 60.0
    package static let upscaleDelay = Duration.seconds(300)
    package static let downscaleDelay = Duration.seconds(1200)

    package let name = "skyserve"
    package let observationDelay = ObservationDelay.fixed(.zero)
    private let targetRate: Double
    private var isIdle = false
    private var counter = DirectionCounter(
        upAfter: Int(upscaleDelay.seconds / tick.seconds), downAfter: Int(downscaleDelay.seconds / tick.seconds))

    /// - Parameter context: gives the target.
    package init(_ context: PolicyContext) { targetRate = context.operatingPoint.steadyRate / context.knob }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? {
        now + (isIdle ? SkyServePolicy.idleTick : SkyServePolicy.tick)
    }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        guard let latest = input.samples.latest else { return ScalingDecision(input.desired, .noData) }
        let isFull = input.samples.age >= SkyServePolicy.rateWindow
        let earlier = isFull ? input.samples.sample(secondsAgo: SkyServePolicy.rateWindow) : nil
        let requests = latest.arrivedRequests - (earlier?.arrivedRequests ?? 0)
        let rate = Double(requests) / SkyServePolicy.rateWindow
        let wish = input.bounds.clamp(Int(covering: rate / targetRate))
        let decision =
            input.desired == 0 ? ScalingDecision(wish, .load) : counter.decide(wish: wish, current: input.desired)
        isIdle = decision.desired == 0
        return decision
    }
}
