package import Control
package import Routing
package import Simulation

/// One line of a backtest: a policy on a trace.
package struct BacktestRun: Sendable {
    package var trace: String
    package var policy: String
    /// In which order its requests were served.
    package var dispatch = DispatchOrder.fcfs
    /// Whether the main knob was searched so that the attainment target is just reached.
    package var isTuned: Bool
    /// The main knob's multiplier: 1 untuned.
    package var knob: Double
    package var seed: UInt64
    package var outcome: SimulationOutcome
    /// Accelerator-hours times the profile's price.
    package var cost: Double
    /// Accelerator-hours over those of the references; nil where a reference was not computed or does not exist.
    package var ratioToClairvoyant: Double?
    package var ratioToStatic: Double?
    package var ratioToFluid: Double?
    /// Wall-clock seconds of the simulation on one thread, metrics excluded; nil when it was not timed.
    package var simulateSeconds: Double?
    /// Replicas, demand and latency over time; empty unless asked for.
    package var timeline: [TimelinePoint] = []
    /// Every decision with its reason; empty unless asked for.
    package var decisions: [DecisionRecord] = []
    /// A row at the start and one per change of desired, current or ready; empty unless asked for.
    package var fleet: [FleetPoint] = []

    package init(
        trace: String, policy: String, isTuned: Bool, knob: Double, seed: UInt64, outcome: SimulationOutcome,
        cost: Double
    ) {
        self.trace = trace
        self.policy = policy
        self.isTuned = isTuned
        self.knob = knob
        self.seed = seed
        self.outcome = outcome
        self.cost = cost
    }
}

/// The references of one trace, in accelerator-hours.
package struct TraceReferences: Hashable, Sendable {
    package var trace: String
    /// Sum over minutes of max(1, work/60): unreachable.
    package var fluidAcceleratorHours: Double
    /// What whole replicas cost: the part of the last one that a fleet does not need which carries each minute's work within
    /// the objective, by the capacity curve.
    package var roundingAcceleratorHours = 0.0
    /// The smallest constant fleet that reaches the target in hindsight; nil when none up to the limit does.
    package var staticReplicas: Int?
    package var staticAcceleratorHours: Double?
    /// The clairvoyant schedule; nil when no factor reaches the target.
    package var clairvoyantAcceleratorHours: Double?

    package init(trace: String, fluidAcceleratorHours: Double) {
        self.trace = trace
        self.fluidAcceleratorHours = fluidAcceleratorHours
    }
}

/// A whole backtest: what was asked, and all its lines.
package struct BacktestReport: Sendable {
    /// What was simulated, as named settings in the order in which they are shown ("start_up_seconds": "60").
    package var plant: [(name: String, value: String)]
    package var references: [TraceReferences]
    package var runs: [BacktestRun]
    package var attainmentTarget: Double
    /// Sentences that a reader must know: what was skipped, sorted, generated, clipped.
    package var notes: [String] = []

    package init(
        plant: [(name: String, value: String)], references: [TraceReferences], runs: [BacktestRun],
        attainmentTarget: Double
    ) {
        self.plant = plant
        self.references = references
        self.runs = runs
        self.attainmentTarget = attainmentTarget
    }
}
