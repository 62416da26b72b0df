package import Control
internal import Fleet
package import Performance
package import Policies
package import Routing
package import Simulation
package import Traces

/// One trace made ready for comparing policies: its operating point, its references, and the fleet limits that follow.
package struct TraceStudy: Sendable {
    package let trace: Trace
    package let profile: PerformanceProfile
    package let operatingPoint: OperatingPoint
    /// The plant as every policy of the study finds it.
    package internal(set) var options: SimulationOptions
    package private(set) var references: TraceReferences
    /// Of the policy `tideway`, in both orders.
    package var settings = TidewaySettings()
    /// Mean work of a request in replica-seconds at the fluid batch.
    let meanWork: Double
    private var hasSearched = false
    private let overrides: Overrides
    private let isScheduled: Bool
    /// The smallest constant fleet in the order `slo`; that of `references` is first come, first served.
    private var staticReplicas: Int?
    /// The same study in the order `slo`: one, once it was added.
    private var inTime: [TraceStudy] = []

    /// The policy around which Tideway's guards stand; all others run without.
    static let guardedPolicy = "tideway"

    /// What a user may fix instead of leaving it to the reference plant's rules.
    package struct Overrides: Hashable, Sendable {
        /// Replicas at most; nil is twice the static fleet of hindsight.
        package var maxReplicas: Int?
        package var minReplicas = 1
        /// Replicas ready at the start; nil is 1.25 times the load of the first minute, rounded up.
        package var initialReady: Int?
        /// Requests per second of one replica at its operating point; nil is found by trials.
        package var steadyRate: Double?
        /// Requests in flight at that rate; nil is found by trials.
        package var steadyConcurrency: Double?
        /// The whole operating point; nil is found by trials.
        package var operatingPoint: OperatingPoint?

        package init() {}
    }

    /// Analyses a trace. The references come later: they are runs of their own.
    ///
    /// - Parameters:
    ///   - trace: not empty, sorted, warm-up included.
    ///   - profile: of each replica.
    ///   - options: the plant; bounds and the initial fleet are set here.
    ///   - overrides: what the user fixed.
    ///   - isScheduled: whether only schedules made elsewhere will run: then no steady rate is searched.
    package init(
        trace: Trace, profile: PerformanceProfile, options: SimulationOptions, overrides: Overrides = Overrides(),
        isScheduled: Bool = false
    ) {
        self.trace = trace
        self.profile = profile
        self.options = options
        self.overrides = overrides
        self.isScheduled = isScheduled
        var point =
            overrides.operatingPoint
            ?? (isScheduled
                ? WorkloadAnalysis.fluidPoint(trace, profile: profile, slo: options.slo)
                : WorkloadAnalysis.operatingPoint(trace, profile: profile, plant: options))
        point.steadyRate = overrides.steadyRate ?? point.steadyRate
        point.steadyConcurrency = overrides.steadyConcurrency ?? point.steadyConcurrency
        operatingPoint = point
        self.options.pacing = point.pacing ?? options.pacing
        let bins = WorkloadAnalysis.work(
            trace, profile: profile, batch: operatingPoint.fluidBatch, from: options.measureFrom, width: 60)
        let period = trace.lastArrival.rounded(.up) - options.measureFrom
        // The last minute counts as far as it is billed.
        let fluidSeconds = bins.enumerated().reduce(0) { sum, bin in
            sum + max(min(60, period - 60 * Double(bin.offset)), bin.element)
        }
        references = TraceReferences(
            trace: trace.name, fluidAcceleratorHours: fluidSeconds / 3600 * Double(profile.accelerators))
        meanWork = TraceStudy.meanWork(trace, profile: profile, batch: operatingPoint.fluidBatch)
        references.roundingAcceleratorHours = roundingHours(bins)
        self.options.initialReady = overrides.initialReady ?? 1
        self.options.bounds = ReplicaBounds(min: overrides.minReplicas, max: Int(Int32.max))
        self.options.initialReady = self.options.bounds.clamp(overrides.initialReady ?? initialFleet)
    }

    /// Load in steady units: how many replicas at the steady rate `workRate` replica-seconds per second keep busy.
    package func steadyUnits(workRate: Double) -> Double {
        let perReplica = operatingPoint.steadyRate * meanWork
        return perReplica > 0 ? workRate / perReplica : 0
    }

    /// What rounding up adds to a fleet that follows the work of each minute exactly.
    private func roundingHours(_ minutes: [Double]) -> Double {
        let curve = CapacityCurve(operatingPoint)
        let replicaMinutes = minutes.reduce(0) { $0 + curve.excess(for: steadyUnits(workRate: $1 / 60)) }
        return replicaMinutes / 60 * Double(profile.accelerators)
    }

    /// `ceil(1.25 x load of the first minute)`, at least 1 (reference plant, section 3).
    private var initialFleet: Int {
        let first = WorkloadAnalysis.work(
            trace, profile: profile, batch: operatingPoint.fluidBatch, from: trace.firstArrival, width: 60)
        return max(1, Int((1.25 * steadyUnits(workRate: first[0] / 60)).rounded(.up)))
    }

    private static func meanWork(_ trace: Trace, profile: PerformanceProfile, batch: Double) -> Double {
        let total = WorkloadAnalysis.work(
            trace, profile: profile, batch: batch, from: trace.firstArrival, width: .infinity)
        return total[0] / Double(trace.count)
    }

    // MARK: References

    /// Sentences about the references that a reader must know.
    package var notes: [String] {
        guard hasSearched, references.staticReplicas == nil else { return [] }
        return [
            "\(trace.name): no constant fleet of up to \(StaticFleetSearch(self).largest) replicas reaches the target; "
                + "fleets are capped at \(options.bounds.max)."
        ]
    }

    /// Analyses the trace in the order `slo` too. References and bounds stay: both orders are measured by one yardstick. To be
    /// called after the references were found, if they are.
    package mutating func addInTime() {
        var plant = options
        plant.order = .slo
        var study = TraceStudy(
            trace: trace, profile: profile, options: plant, overrides: overrides, isScheduled: isScheduled)
        study.references = references
        study.options.bounds = options.bounds
        study.options.initialReady = options.bounds.clamp(study.options.initialReady)
        if hasSearched { study.staticReplicas = StaticFleetSearch(study).smallest()?.replicas }
        inTime = [study]
    }

    /// The study in an order; `slo` must have been added.
    package func served(_ order: DispatchOrder) -> TraceStudy {
        guard order == .slo, options.order == .fcfs else { return self }
        precondition(!inTime.isEmpty, "\(trace.name) was not analysed in the order slo")
        var study = inTime[0]
        study.settings = settings
        // The clairvoyant may have been found since.
        study.references = references
        return study
    }

    /// Lifts all bounds, for a schedule made elsewhere.
    package mutating func removeBounds(initialReady: Int) {
        options.bounds = ReplicaBounds(min: 0, max: Int(Int32.max))
        options.initialReady = initialReady
    }

    /// Finds the static fleet of hindsight, and with it the cap on all policies.
    package mutating func findStaticFleet(overrides: Overrides = Overrides()) {
        hasSearched = true
        let found = StaticFleetSearch(self).smallest()
        if let found {
            references.staticReplicas = found.replicas
            references.staticAcceleratorHours = found.outcome.acceleratorHours
        }
        let fallback = StaticFleetSearch(self).largest
        let cap = overrides.maxReplicas ?? 2 * (found?.replicas ?? fallback)
        options.bounds = ReplicaBounds(min: options.bounds.min, max: max(cap, options.bounds.min))
        options.initialReady = options.bounds.clamp(options.initialReady)
    }

    /// Finds the clairvoyant's cost.
    package mutating func findClairvoyant() {
        references.clairvoyantAcceleratorHours = ClairvoyantSearch.cheapest(self)
    }

    // MARK: Runs

    /// Runs a policy of the catalogue.
    ///
    /// - Parameters:
    ///   - policy: the name of a `PolicyVariant`.
    ///   - knob: multiplies its main setting; 1 is the default.
    ///   - seed: of the start-up times.
    ///   - detail: whether timeline and decisions are kept.
    ///   - stopwatch: tells seconds; nil does not time the run.
    /// - Returns: the line of a report.
    /// - Throws: when the catalogue has no such policy.
    package func run(
        _ policy: String, knob: Double = 1, seed: UInt64, detail: RunDetail = .summary, stopwatch: (() -> Double)? = nil
    ) throws -> BacktestRun {
        let variant = PolicyVariant(policy)
        guard variant.isInTime else { return try run(variant, knob, seed: seed, detail: detail, stopwatch: stopwatch) }
        return try served(.slo).run(variant, knob, seed: seed, detail: detail, stopwatch: stopwatch)
    }

    private func run(
        _ variant: PolicyVariant, _ knob: Double, seed: UInt64, detail: RunDetail, stopwatch: (() -> Double)?
    ) throws -> BacktestRun {
        var context = PolicyContext(
            profile: profile, slo: options.slo, operatingPoint: operatingPoint, startUpMedian: options.startUp.median,
            knob: knob, inTimeFirst: options.order == .slo, settings: settings,
            staticReplicas: staticReplicas ?? references.staticReplicas)
        var study = self
        variant.replaceParts(of: &context, &study)
        let made = try PolicyCatalog.make(variant.policy, context: context)
        var run = study.run(made, named: variant.policy, knob: knob, seed: seed, detail: detail, stopwatch: stopwatch)
        run.policy = variant.name
        return run
    }

    /// Runs any policy.
    package func run(
        _ policy: any ScalingPolicy, named name: String, knob: Double = 1, seed: UInt64, detail: RunDetail = .summary,
        stopwatch: (() -> Double)? = nil
    ) -> BacktestRun {
        var options = options
        options.seed = seed
        // A constant fleet is one from the start.
        if let fixed = policy as? StaticPolicy { options.initialReady = fixed.replicas }
        if detail == .full {
            options.timelineWidth = TraceStudy.timelineWidth(trace.lastArrival - options.measureFrom)
            options.recordsDecisions = true
        }
        let guards: ControlGuards = name == TraceStudy.guardedPolicy ? .all : []
        let result = Simulator(trace: trace, profile: profile, policy: policy, guards: guards, options: options)
            .run(stopwatch: stopwatch)
        var run = BacktestRun(
            trace: trace.name, policy: name, isTuned: false, knob: knob, seed: seed, outcome: result.outcome,
            cost: result.outcome.acceleratorHours * profile.price.perAcceleratorHour)
        run.dispatch = options.order
        run.simulateSeconds = result.simulateSeconds
        run.setRatios(references)
        run.fleet = result.fleet
        run.timeline = result.timeline
        run.decisions = result.decisions
        return run
    }

    /// What a run keeps besides its figures.
    package enum RunDetail: Hashable, Sendable {
        case summary
        case full
    }

    /// A minute, or as many whole minutes as give at most 720 intervals.
    static func timelineWidth(_ seconds: Double) -> Double {
        max(1, (seconds / 60 / 720).rounded(.up)) * 60
    }
}

extension BacktestRun {
    /// Sets the ratios to those references that exist.
    mutating func setRatios(_ references: TraceReferences) {
        let hours = outcome.acceleratorHours
        ratioToFluid = references.fluidAcceleratorHours > 0 ? hours / references.fluidAcceleratorHours : nil
        ratioToStatic = references.staticAcceleratorHours.map { hours / $0 }
        ratioToClairvoyant = references.clairvoyantAcceleratorHours.map { hours / $0 }
    }
}
