internal import Performance
internal import Policies
internal import Simulation
internal import Traces

/// A trial of constant size: made traffic in a plant whose rules are another's.
struct ConstantFleetRun {
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
        return Simulator(
            trace: trace, profile: profile, policy: StaticPolicy(replicas: replicas), options: options
        ).run().outcome
    }
}
