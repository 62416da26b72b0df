internal import Assembly
internal import Backtest
internal import Configuration
internal import Fleet
internal import Performance
internal import Routing
internal import Simulation
internal import Traces

/// What the requests of one workload would have cost otherwise: simulations of exactly what is sent.
struct DemoReferences: Hashable, Sendable {
    /// Moments within a second at which the simulated controller's decisions begin to fall.
    static let phases = 10

    /// What the simulator says of the policy that runs live.
    ///
    /// When in a second decisions fall is nobody's choice, and moves them by more than a request or two: at the foot of a ramp
    /// a replica is ordered one decision earlier or later. So it is simulated at several phases.
    struct Simulated: Hashable, Sendable {
        /// Means over the phases.
        var attainment: Double
        var acceleratorHours: Double
        /// The least and the most of a phase.
        var attainmentRange: ClosedRange<Double>
    }

    /// The smallest constant fleet that reaches the target, first come, first served; nil when none does.
    var staticReplicas: Int?
    var staticAcceleratorHours: Double?
    /// Of the schedule that knows everything beforehand, served likewise; nil when none reaches the target.
    var clairvoyantAcceleratorHours: Double?
    /// Of the smallest constant fleet in the order that is used live.
    var orderedStaticAcceleratorHours: Double?
    var simulated: Simulated

    /// - Parameters:
    ///   - trace: of the workload; a few seconds of work.
    ///   - plan: what else holds.
    /// - Throws: when there is no such policy.
    init(_ trace: Trace, plan: DemoPlan) throws {
        var study = DemoReferences.study(trace, plan, order: .fcfs)
        study.findClairvoyant()
        staticReplicas = study.references.staticReplicas
        staticAcceleratorHours = study.references.staticAcceleratorHours
        clairvoyantAcceleratorHours = study.references.clairvoyantAcceleratorHours
        let ordered = DemoReferences.study(trace, plan, order: plan.order)
        orderedStaticAcceleratorHours = ordered.references.staticAcceleratorHours
        simulated = Simulated(
            try (0..<DemoReferences.phases).map { phase in
                let later = trace.delayed(by: Double(phase) / Double(DemoReferences.phases))
                return try DemoReferences.study(later, plan, order: plan.order, point: ordered.operatingPoint)
                    .run(plan.policy, seed: plan.seed).outcome
            })
    }

    /// With known figures, for tests.
    init(staticReplicas: Int?, staticHours: Double?, clairvoyantHours: Double?, simulated: Simulated) {
        self.staticReplicas = staticReplicas
        staticAcceleratorHours = staticHours
        clairvoyantAcceleratorHours = clairvoyantHours
        orderedStaticAcceleratorHours = staticHours
        self.simulated = simulated
    }

    /// The workload in an order, with its constant fleet; `point` is its point of operation, where that is known.
    private static func study(
        _ trace: Trace, _ plan: DemoPlan, order: RoutingSettings.Order, point: OperatingPoint? = nil
    ) -> TraceStudy {
        var options = SimulationOptions()
        options.slo = plan.objective
        options.startUp = StartUpModel(median: plan.startUp, spread: 1)
        options.measureFrom = 0
        options.order = order == .slo ? .slo : .fcfs
        var overrides = TraceStudy.Overrides()
        overrides.minReplicas = plan.bounds.min
        overrides.maxReplicas = plan.bounds.max
        overrides.initialReady = plan.bounds.min
        // The controller expects the same lengths, and measures the same point.
        let lengths = DemoConfiguration.meanLengths(trace)
        var shape = ExpectedShape()
        (shape.promptTokens, shape.outputTokens) = (lengths.prompt, lengths.output)
        overrides.operatingPoint =
            point ?? shape.operatingPoint(profile: plan.profile, objective: plan.objective, order: order)
        var study = TraceStudy(trace: trace, profile: plan.profile, options: options, overrides: overrides)
        study.findStaticFleet(overrides: overrides)
        return study
    }
}

extension DemoReferences.Simulated {
    /// - Parameter phases: at least one.
    fileprivate init(_ phases: [SimulationOutcome]) {
        let shares = phases.map(\.attainment)
        guard let least = shares.min(), let most = shares.max() else {
            preconditionFailure("something must have been simulated")
        }
        attainment = shares.reduce(0, +) / Double(phases.count)
        acceleratorHours = phases.reduce(0) { $0 + $1.acceleratorHours } / Double(phases.count)
        attainmentRange = least...most
    }
}

extension Trace {
    /// The same requests, each so many seconds later.
    fileprivate func delayed(by seconds: Double) -> Trace {
        var builder = TraceBuilder()
        forEach { row in
            var row = row
            row.arrival += seconds
            builder.append(TraceBuilder.Request(row: row))
        }
        return builder.finish(name: name)
    }
}
