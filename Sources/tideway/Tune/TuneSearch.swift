internal import Backtest
internal import Fleet
internal import Performance
internal import Policies
internal import Simulation
internal import Traces

/// Runs a search: analyses the traces, makes the runs of each rung side by side, and looks at what was held out.
struct TuneSearch: Sendable {
    let campaign: BacktestCampaign
    let profile: PerformanceProfile
    let options: SimulationOptions
    let policy: String
    let candidateCount: Int
    let seedCount: Int
    /// Of the candidates.
    let seed: UInt64

    func report(_ split: SplitHistory) async throws -> TuningReport {
        let parameters = TidewayParameter.searched
        let settings = TuningCandidates.settings(
            count: candidateCount, of: parameters, around: TidewaySettings(), seed: seed)
        let study = try await study(split.searched.map { ($0, options.measureFrom) })
        let target = options.slo.attainmentTarget
        var search = SuccessiveHalving(candidates: settings.count, seeds: seedCount, target: target)
        while !search.isOver {
            search.finish(try await measure(search.due, settings, on: study))
        }
        var report = TuningReport(
            search, settings: settings, policy: policy, parameters: parameters, target: target, subject: split.subject)
        if report.chosen != 0, !split.heldOut.isEmpty {
            let study = try await self.study(split.heldOut)
            let pair = [report.candidates[report.chosen].settings, report.candidates[0].settings]
            let seeds = (1...UInt64(seedCount)).map { $0 }
            let runs = try await campaign.work.map(
                pair.flatMap { settings in seeds.map { (settings, $0) } }, name: { _ in "what is held out" }
            ) { try study.measure($0.0, seed: $0.1) }
            report.heldOut = HeldOutComparison(
                chosen: Array(runs.prefix(seedCount)), standard: Array(runs.suffix(seedCount)), target: target)
        }
        return report
    }

    private func measure(
        _ trials: [SuccessiveHalving.Trial], _ settings: [TidewaySettings], on study: TuningStudy
    ) async throws -> [TuningMeasurement] {
        try await campaign.work.map(trials, name: { "candidate \($0.candidate), seed \($0.seed)" }) {
            try study.measure(settings[$0.candidate], seed: $0.seed)
        }
    }

    /// The traces as `backtest` finds them.
    private func study(_ traces: [(trace: Trace, measureFrom: Double)]) async throws -> TuningStudy {
        let studies = try await campaign.work.map(traces, name: { "references of \($0.trace.name)" }) { input in
            var options = options
            options.measureFrom = input.measureFrom
            return try campaign.study(of: input.trace, profile: profile, options: options).served(campaign.dispatch)
        }
        return TuningStudy(studies, policy: policy)
    }
}
