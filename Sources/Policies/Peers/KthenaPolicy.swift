package import Control
package import Fleet

/// kthena's homogeneous autoscaler (Volcano's LLM serving): the sum over pods divided by a target per pod, within the
/// windows and limits of a HorizontalPodAutoscaler, and a panic mode.
///
/// - Tolerance trap: the sum itself is compared with the target of one pod, so the fleet is kept, whatever its size, while
///   the whole load is worth one replica (0.9 to 1.1); at any other load there is no tolerance.
/// - Panic, when the wish is at least twice the fleet: for 60 s it may grow by 1000 % a minute and does not shrink.
/// - Otherwise up by 4 or 100 % a minute, the larger; down to the largest recommendation of 5 minutes, 100 % a minute.
///
/// kthena takes the 95th percentile over the last 60 s of histograms; requests in flight are a gauge, which it takes as
/// it is. Every 15 s; sees the number in flight 15 s ago; target = steady concurrency. Knob: the target is divided by it.
/// Source: volcano-sh/kthena, `pkg/autoscaler/`.
package struct KthenaPolicy: ScalingPolicy {
    package static let tolerance = 0.1
    package static let panicThreshold = 2.0
    package static let panicHold = Duration.seconds(60)
    package static let calmBehavior = behavior(up: [.percent(100, per: .seconds(60)), .pods(4, per: .seconds(60))])
    package static let panicBehavior = behavior(up: [.percent(1000, per: .seconds(60))])

    package let name = "kthena"
    package let observationDelay = scrapeDelay
    private let cadence = DecisionCadence(interval: .seconds(15))
    private let target: Double
    private var panicTime: Instant?
    private var autoscaler = HorizontalPodAutoscaler(behavior: calmBehavior)

    /// - Parameter context: gives the target.
    package init(_ context: PolicyContext) { target = context.targetConcurrency }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { cadence.next(after: now) }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        guard let sample = input.samples.latest else { return ScalingDecision(input.desired, .noData) }
        let load = Double(sample.inFlightRequests) / target
        let isWithin = load >= 1 - KthenaPolicy.tolerance && load <= 1 + KthenaPolicy.tolerance
        let wish = isWithin ? input.desired : Int(covering: load)
        if Double(wish) >= KthenaPolicy.panicThreshold * Double(input.desired), wish > input.desired {
            panicTime = input.now
        }
        let isPanicking = panicTime.map { input.now.seconds(since: $0) < KthenaPolicy.panicHold.seconds } ?? false
        autoscaler.behavior = isPanicking ? KthenaPolicy.panicBehavior : KthenaPolicy.calmBehavior
        let followed = autoscaler.follow(wish, current: input.desired, bounds: input.bounds, at: input.now)
        return isPanicking ? ScalingDecision(max(followed.desired, input.desired), .burst) : followed
    }

    private static func behavior(up limits: [ScalingBehavior.Limit]) -> ScalingBehavior {
        ScalingBehavior(
            up: .init(stabilisationWindow: .zero, limits: limits),
            down: .init(stabilisationWindow: .seconds(300), limits: [.percent(100, per: .seconds(60))]))
    }
}
