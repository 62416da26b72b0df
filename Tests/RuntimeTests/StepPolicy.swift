import Control
import Fleet

/// Wants what a list says for each second, by the real time; decides every second.
struct StepPolicy: ScalingPolicy {
    let name = "steps"
    let observationDelay = ObservationDelay.fixed(.zero)
    var steps: [Int]
    var origin: Double

    func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { now + .seconds(1) }

    mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        let index = min(max(Int((input.now.seconds - origin).rounded(.down)), 0), steps.count - 1)
        return ScalingDecision(steps[index], .scheduled)
    }
}
