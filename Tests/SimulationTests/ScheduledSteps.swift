import Control
import Fleet

/// A fleet that follows a list of steps: the smallest policy that a run can have.
struct ScheduledSteps: ScalingPolicy {
    let name = "steps"
    let observationDelay = ObservationDelay.fixed(.zero)
    let steps: [(time: Double, desired: Int)]
    var engineTimes = EngineTimes.profiled

    func nextDecision(after now: Instant, isFirst: Bool) -> Instant? {
        steps.first { $0.time > now.seconds || (isFirst && $0.time == now.seconds) }.map { Instant(seconds: $0.time) }
    }

    mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        let step = steps.last { $0.time <= input.now.seconds }
        return ScalingDecision(step?.desired ?? input.desired, .scheduled)
    }
}
