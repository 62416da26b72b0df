package import Control
package import Fleet

/// NVIDIA Dynamo's planner in load mode: one replica more when every engine misses an objective, one less when every
/// engine would keep 80 % of both with the load of one engine more. `dynamo-both` adds the throughput mode of 180 s as a
/// lower bound.
///
/// Every 5 s, never while a start or a drain is under way. The estimates come from the profile: see `DynamoLoadRule`.
///
/// Sees its engines without delay, the throughput part as it was 15 s ago. Knob: objectives (and the throughput part's rate of
/// an engine) are divided by it.
/// Source: ai-dynamo/dynamo, `planner/core/load_scaling.py`.
package struct DynamoLoadPolicy: ScalingPolicy {
    package static let tick = Duration.seconds(5)
    package static let boundInterval = Duration.seconds(180)

    package let name: String
    package let observationDelay = ObservationDelay.fixed(.zero)
    private let rule: DynamoLoadRule
    /// Nil without the throughput mode.
    private var throughput: DynamoThroughputRule?
    private var nextBound: Instant?
    private var lowerBound = 1

    /// - Parameters:
    ///   - context: gives profile and objective.
    ///   - withThroughput: adds the lower bound.
    package init(_ context: PolicyContext, withThroughput: Bool) {
        name = withThroughput ? "dynamo-both" : "dynamo-load"
        rule = DynamoLoadRule(context)
        throughput =
            withThroughput
            ? DynamoThroughputRule(context, interval: DynamoLoadPolicy.boundInterval, predictor: .constant) : nil
    }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { now + DynamoLoadPolicy.tick }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        updateBound(input)
        if input.starting > 0 || input.draining > 0 { return ScalingDecision(input.desired, .rateLimited) }
        guard let step = rule.step(input.samples, engineCount: input.ready) else {
            return ScalingDecision(input.desired, .noData)
        }
        let wanted = max(input.desired + step, 1)
        if lowerBound > wanted { return ScalingDecision(lowerBound, .forecast) }
        return ScalingDecision(wanted, wanted == input.desired ? .steady : .load)
    }

    /// The first interval ends one interval after the first decision.
    private mutating func updateBound(_ input: PolicyInput) {
        guard throughput != nil else { return }
        guard let due = nextBound else {
            nextBound = input.now + (DynamoLoadPolicy.boundInterval - DynamoLoadPolicy.tick)
            return
        }
        guard input.now >= due else { return }
        nextBound = due + DynamoLoadPolicy.boundInterval
        lowerBound = throughput?.replicas(input.samples.delayed(by: .seconds(15))) ?? lowerBound
    }
}
