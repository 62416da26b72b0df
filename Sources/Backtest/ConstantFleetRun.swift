internal import Control
internal import Fleet
internal import Performance
internal import Simulation
internal import Traces

/// A trial of constant size: made traffic in a plant whose rules are another's.
struct ConstantFleetRun {
    /// Seconds; nobody decides anything by the samples.
    private static let sampleInterval = 60.0

    let profile: PerformanceProfile
    /// Its objective, binding, memory and dispatch hold.
    let plant: SimulationOptions
    let replicas: Int
    /// Seconds of arrivals that are served, but not measured.
    let rampSeconds: Double

    /// What came of those that arrived after the ramp.
    func outcome(_ trace: Trace) -> SimulationOutcome {
        var options = SimulationOptions()
        options.slo = plant.slo
        options.binding = plant.binding
        options.memory = plant.memory
        options.choice = plant.choice
        options.order = plant.order
        options.pacing = plant.pacing
        options.initialReady = replicas
        options.measureFrom = rampSeconds
        options.sampleInterval = Self.sampleInterval
        return Simulator(
            trace: trace, profile: profile, policy: FleetAsItIs(), options: options
        ).run().outcome
    }
}

/// Leaves a fleet as it began: a policy that never decides.
private struct FleetAsItIs: ScalingPolicy {
    let name = "constant"
    let observationDelay = ObservationDelay.fixed(.zero)

    func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { nil }

    mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        preconditionFailure("no decision was asked for")
    }
}
