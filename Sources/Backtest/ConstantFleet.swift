internal import Control
internal import Fleet

/// Decides nothing: the fleet stays as it starts.
struct ConstantFleet: ScalingPolicy {
    let name = "constant"
    let observationDelay = ObservationDelay.fixed(.zero)

    func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { nil }

    mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        ScalingDecision(input.desired, .scheduled)
    }
}
