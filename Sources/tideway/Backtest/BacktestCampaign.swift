internal import Backtest
internal import Dispatch
internal import Fleet
internal import Performance
internal import Policies
internal import Routing
internal import Simulation
internal import Traces

/// Runs a backtest's simulations side by side. Each is a pure function of its inputs, so their order does not matter.
struct BacktestCampaign: Sendable {
    let policies: [String]
    var schedule: ScheduleFile?
    let seeds: [UInt64]
    var isTuned = false
    /// Whether timelines and reasons are kept, of the first seed. Changes of the fleet always are.
    var keepsDetail = false
    let overrides: TraceStudy.Overrides
    /// Who is served first; policies named with `PolicyVariant.inTimeSuffix` have their own order.
    let dispatch: DispatchOrder
    /// Of the policy `tideway`.
    let settings: TidewaySettings
    let work: ParallelWork

    /// Seeds that a knob is searched with, at most.
    static let tuningSeeds = 3

    /// Analyses the traces and finds their references.
    func studies(
        _ traces: [Trace], profile: PerformanceProfile, options: SimulationOptions
    ) async throws -> [TraceStudy] {
        try await work.map(traces, name: name(of:)) { trace in
            var study = try study(of: trace, profile: profile, options: options)
            if !policies.isEmpty { study.findClairvoyant() }
            return study
        }
    }

    /// Analyses a trace and finds the smallest constant fleet, and with it the bounds of all others.
    func study(
        of trace: Trace, profile: PerformanceProfile, options: SimulationOptions
    ) throws -> TraceStudy {
        // References are first come, first served: one yardstick for both orders.
        var options = options
        options.order = .fcfs
        var study = TraceStudy(
            trace: trace, profile: profile, options: options, overrides: overrides, isScheduled: policies.isEmpty)
        study.settings = settings
        if !policies.isEmpty {
            guard study.operatingPoint.steadyRate > 0 else { throw ImpossibleObjective(study: study).error }
            study.findStaticFleet(overrides: overrides)
        }
        if dispatch == .slo || policies.contains(where: { PolicyVariant($0).isInTime }) {
            study.addInTime()
        }
        return study
    }

    private func name(of trace: Trace) -> String {
        policies.isEmpty ? trace.name : "references of \(trace.name)"
    }

    /// All lines of the report, in the order of traces, policies, tuning and seeds.
    func runs(_ studies: [TraceStudy]) async throws -> [BacktestRun] {
        let work = studies.flatMap { jobs(for: $0.served(dispatch)) }
        return try await self.work.map(work, name: \.name) { try $0.work() }.flatMap { $0 }
    }

    private struct Job: Sendable {
        var name: String
        var work: @Sendable () throws -> [BacktestRun]
    }

    private func jobs(for study: TraceStudy) -> [Job] {
        var work: [Job] = []
        let trace = study.trace.name
        if let schedule {
            work += seeds.map { seed in Job(name: "schedule on \(trace)") { [self.run(schedule, study, seed: seed)] } }
        }
        for policy in policies {
            if PolicyVariant(policy).policy == "static", study.references.staticReplicas == nil { continue }
            work += seeds.map { seed in
                Job(name: "\(policy) on \(trace)") {
                    [try study.run(policy, seed: seed, detail: detail(seed), stopwatch: BacktestCampaign.seconds)]
                }
            }
            if isTuned {
                let seeds = Array(seeds.prefix(BacktestCampaign.tuningSeeds))
                work.append(
                    Job(name: "knob of \(policy) on \(trace)") {
                        try KnobSearch(study, policy: policy, seeds: seeds).runs()
                    })
            }
        }
        return work
    }

    private func run(_ schedule: ScheduleFile, _ study: TraceStudy, seed: UInt64) -> BacktestRun {
        var free = study
        free.removeBounds(initialReady: schedule.initialReady)
        return free.run(
            SchedulePolicy(steps: schedule.steps), named: "schedule", seed: seed, detail: detail(seed),
            stopwatch: BacktestCampaign.seconds)
    }

    private func detail(_ seed: UInt64) -> TraceStudy.RunDetail {
        keepsDetail && seed == seeds[0] ? .full : .summary
    }

    private static func seconds() -> Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
}

/// Says why an objective cannot be met on a profile, and what can.
struct ImpossibleObjective {
    let study: TraceStudy

    var error: CommandError {
        let profile = study.profile
        switch study.options.slo.limits {
        case .tokens(_, let itl) where itl.seconds <= profile.c0:
            return CommandError(
                "--slo-itl \(DurationOption(seconds: itl.seconds)) cannot be met: a token takes \(profile.name) at least "
                    + "\(DurationOption(seconds: (profile.c0 * 1e5).rounded(.up) / 1e5)), even alone. Ask for more time, or "
                    + "choose a faster profile (tideway profile list).")
        case .latency(let limit):
            return CommandError(
                "--slo-latency \(DurationOption(seconds: limit.seconds)) cannot be met: the service alone takes "
                    + "\(DurationOption(seconds: profile.c0)). Ask for more time.")
        case .tokens:
            return CommandError(
                "On \(profile.name) no rate of \(study.trace.name) keeps "
                    + "\(study.options.slo.attainmentTarget * 100) % of the requests within the limits, however many "
                    + "replicas there are. Ask for more time (--slo-ttft, --slo-itl) or a lower --attainment.")
        }
    }
}
