import Backtest
import Control
import Fleet
import RealModule
import Reports
import Sampling
import Simulation

/// An invented backtest with the shape of a real one: five policies on two traces with two seeds. Nothing was simulated.
enum SyntheticReport {
    static let full: BacktestReport = make()

    /// How an invented policy behaves.
    private struct Character {
        let policy: String
        /// Replicas held for each replica's worth of demand.
        let margin: Double
        /// Minutes by which it follows the demand.
        let lag: Int
        let isTuned: Bool
    }

    private static let characters = [
        Character(policy: "tideway", margin: 1.3, lag: 0, isTuned: false),
        Character(policy: "tideway", margin: 1.22, lag: 0, isTuned: true),
        Character(policy: "hpa", margin: 1.35, lag: 3, isTuned: false),
        Character(policy: "hpa", margin: 1.75, lag: 3, isTuned: true),
        Character(policy: "knative-kpa", margin: 1.2, lag: 2, isTuned: false),
        Character(policy: "knative-kpa", margin: 1.6, lag: 2, isTuned: true),
        Character(policy: "dynamo-thr180-kalman", margin: 0.95, lag: 4, isTuned: false),
        Character(policy: "dynamo-thr180-kalman", margin: 1.5, lag: 4, isTuned: true),
        Character(policy: "static", margin: 0, lag: 0, isTuned: false),
    ]

    private static func make() -> BacktestReport {
        var runs: [BacktestRun] = []
        let traces = [("synthetic-smooth", 1.0), ("synthetic-bursty", 2.2)]
        for (trace, roughness) in traces {
            for character in characters {
                for seed in [UInt64(1), 2] { runs.append(run(trace, roughness, character, seed)) }
            }
        }
        var report = BacktestReport(
            plant: [
                ("profile", "8b-a100"), ("start_up_seconds", "60"), ("start_up_spread", "2"), ("slo_ttft_seconds", "1"),
                ("slo_itl_seconds", "0.05"), ("min_replicas", "1"), ("binding", "late"),
                ("price_per_accelerator_hour", "2.5"),
            ],
            references: traces.map { references($0.0) }, runs: runs, attainmentTarget: 0.99)
        report.notes = ["These figures are invented to test the report; nothing was simulated."]
        return report
    }

    private static func references(_ trace: String) -> TraceReferences {
        var result = TraceReferences(trace: trace, fluidAcceleratorHours: 4.6)
        result.clairvoyantAcceleratorHours = 6.66
        result.staticReplicas = 9
        result.staticAcceleratorHours = 9
        return result
    }

    // MARK: A run

    private static func run(_ trace: String, _ roughness: Double, _ character: Character, _ seed: UInt64) -> BacktestRun
    {
        let demand = demand(roughness, seed)
        let timeline = (0..<60).map { point($0, demand, character, roughness) }
        var run = BacktestRun(
            trace: trace, policy: character.policy, isTuned: character.isTuned,
            knob: character.isTuned ? character.margin / 1.2 : 1, seed: seed, outcome: outcome(timeline, seed), cost: 0)
        run.cost = run.outcome.acceleratorHours * 2.5
        run.ratioToClairvoyant = run.outcome.acceleratorHours / 6.66
        run.ratioToStatic = run.outcome.acceleratorHours / 9
        run.ratioToFluid = run.outcome.acceleratorHours / 4.6
        run.simulateSeconds = 0.0125
        run.timeline = timeline
        run.decisions = decisions(timeline)
        return run
    }

    /// Replicas' worth of work in each minute of an hour.
    private static func demand(_ roughness: Double, _ seed: UInt64) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        return (0..<60).map { (minute: Int) -> Double in
            let wave: Double = 4.5 + 2 * Double.sin(Double(minute) / 9)
            let burst: Double = minute % 17 < 3 ? 2 * (roughness - 1) : 0.4
            return wave + burst * Double.random(in: 0.8...1.2, using: &generator)
        }
    }

    private static func point(
        _ minute: Int, _ demand: [Double], _ character: Character, _ roughness: Double
    ) -> TimelinePoint {
        func wanted(_ at: Int) -> Int {
            character.margin == 0 ? 9 : max(1, Int((demand[max(0, at)] * character.margin).rounded(.up)))
        }
        let ready = min(wanted(minute - character.lag), wanted(minute - character.lag - 1))
        let load = demand[minute] / Double(ready)
        let over = max(0, load - 0.86)
        var point = TimelinePoint(
            start: Double(minute) * 60, arrivalRate: demand[minute] * 3.1, workRate: demand[minute],
            desired: wanted(minute),
            current: max(ready, wanted(minute)), ready: ready, queued: Int(over * 300),
            running: Int(demand[minute] * 20))
        point.ttftP50 = 0.09 + over * over * 20
        point.ttftP99 = load > 1.4 ? .infinity : 0.31 * roughness * (1 + over * 30)
        point.itlP99 = 0.031 + 0.02 * min(load, 1)
        point.goodRatio = max(0.05, 1 - over * 1.4)
        return point
    }

    private static func outcome(_ timeline: [TimelinePoint], _ seed: UInt64) -> SimulationOutcome {
        var outcome = SimulationOutcome()
        outcome.requests = 46_500
        let arrived = timeline.reduce(0) { $0 + $1.arrivalRate }
        let good = timeline.reduce(0) { $0 + $1.arrivalRate * ($1.goodRatio ?? 1) } / arrived
        outcome.good = Int(46_500 * good) - Int(seed) * 120
        outcome.ttftOK = outcome.good + 80
        outcome.itlOK = 46_480
        outcome.unfinished = timeline.contains { $0.ttftP99?.isInfinite == true } ? 17 : 0
        outcome.billedSeconds = timeline.reduce(0) { $0 + Double($1.current) * 60 } + Double(seed) * 250
        outcome.startUpSeconds = 900
        outcome.busySeconds = outcome.billedSeconds * 0.7
        outcome.energy = Energy(joules: outcome.billedSeconds * 310)
        outcome.starts = 14
        outcome.scaleActions = 22
        outcome.peak = timeline.map(\.current).max() ?? 0
        outcome.ttft.p50 = 0.14
        outcome.ttft.p95 = 0.62
        outcome.ttft.p99 = outcome.unfinished > 0 ? .infinity : 3 * (1.02 - good) + 0.4
        outcome.itl.p50 = 0.031
        outcome.itl.p95 = 0.044
        outcome.itl.p99 = 0.048
        outcome.latency.p50 = 4.2
        outcome.latency.p95 = 13.1
        outcome.latency.p99 = 21.7
        outcome.horizonSeconds = 3600
        outcome.digest = 0xfeed_0000 + seed
        return outcome
    }

    private static func decisions(_ timeline: [TimelinePoint]) -> [DecisionRecord] {
        var last = 0
        return timeline.compactMap { point in
            guard point.desired != last else { return nil }
            let reason: PlanReason = point.desired > last ? .load : .stabilised
            last = point.desired
            return DecisionRecord(
                at: Instant(seconds: point.start), desired: point.desired, current: point.current, ready: point.ready,
                reason: reason)
        }
    }
}

extension DecisionRecord {
    /// A decision that follows the policy's proposal.
    init(at now: Instant, desired: Int, current: Int, ready: Int, reason: PlanReason) {
        let allocation = Allocation(
            workload: WorkloadID("synthetic"), variant: VariantID("none"), desired: desired, reasons: [reason])
        self.init(
            at: now, proposed: desired, plan: CapacityPlan(basedOn: nil, allocations: [allocation]), current: current,
            ready: ready)
    }
}
