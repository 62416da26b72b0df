import Control
import Fleet

/// Wants what a list says for each second, by the real time; decides every second.
struct StepPolicy: ScalingPolicy {
    let name = "steps"
    let observationDelay = ObservationDelay.fixed(.zero)
    var steps: [Int]
    var origin: Double
    /// Learned, as from the second of the real time on that is said.
    var learned: (from: Double, times: EngineTimes)?
    private(set) var engineTimes = EngineTimes.profiled

    func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { now + .seconds(1) }

    mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        if let learned, input.now.seconds - origin >= learned.from { engineTimes = learned.times }
        let index = min(max(Int((input.now.seconds - origin).rounded(.down)), 0), steps.count - 1)
        return ScalingDecision(steps[index], .scheduled)
    }
}
