internal import Assembly
internal import Backtest
internal import Configuration
internal import Fleet
internal import Performance
internal import Simulation
internal import Traces

/// What the requests of one workload would have cost otherwise: simulations of exactly what is sent.
struct DemoReferences: Hashable, Sendable {
    /// What the simulator says of the policy that runs live.
    struct Simulated: Hashable, Sendable {
        var attainment: Double
        var acceleratorHours: Double
        var actions: Int
    }

    /// The smallest constant fleet that reaches the target; nil when none does.
    var staticReplicas: Int?
    var staticAcceleratorHours: Double?
    /// Of the schedule that knows everything beforehand; nil when none reaches the target.
    var clairvoyantAcceleratorHours: Double?
    var simulated: Simulated

    /// - Parameters:
    ///   - trace: of the workload; a few seconds of work.
    ///   - plan: what else holds.
    /// - Throws: when there is no such policy.
    init(_ trace: Trace, plan: DemoPlan) throws {
        var options = SimulationOptions()
        options.slo = plan.objective
        options.startUp = StartUpModel(median: plan.startUp, spread: 1)
        options.measureFrom = 0
        var overrides = TraceStudy.Overrides()
        overrides.minReplicas = plan.bounds.min
        overrides.maxReplicas = plan.bounds.max
        overrides.initialReady = plan.bounds.min
        // The controller expects the same lengths, and measures the same point.
        let lengths = DemoConfiguration.meanLengths(trace)
        var shape = ExpectedShape()
        (shape.promptTokens, shape.outputTokens) = (lengths.prompt, lengths.output)
        overrides.operatingPoint = shape.operatingPoint(profile: plan.profile, objective: plan.objective, order: .fcfs)
        var study = TraceStudy(trace: trace, profile: plan.profile, options: options, overrides: overrides)
        study.findStaticFleet(overrides: overrides)
        study.findClairvoyant()
        staticReplicas = study.references.staticReplicas
        staticAcceleratorHours = study.references.staticAcceleratorHours
        clairvoyantAcceleratorHours = study.references.clairvoyantAcceleratorHours
        let outcome = try study.run(plan.policy, seed: plan.seed).outcome
        simulated = Simulated(
            attainment: outcome.attainment, acceleratorHours: outcome.acceleratorHours, actions: outcome.scaleActions)
    }

    /// With known figures, for tests.
    init(staticReplicas: Int?, staticHours: Double?, clairvoyantHours: Double?, simulated: Simulated) {
        self.staticReplicas = staticReplicas
        staticAcceleratorHours = staticHours
        clairvoyantAcceleratorHours = clairvoyantHours
        self.simulated = simulated
    }
}
