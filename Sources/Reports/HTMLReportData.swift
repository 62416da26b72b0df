internal import Backtest
internal import Fleet
internal import Simulation

/// What the page's script draws, as compact as the drawing allows: numbers are rounded, timelines merged.
struct HTMLReportData {
    /// Points of a timeline in the page; a screen has hardly more columns.
    static let timelinePointsMax = 720
    /// Rows of a worst hour: five minutes each.
    static let worstHourRowsMax = 12

    let report: BacktestReport

    init(_ report: BacktestReport) { self.report = report }

    var value: JSONValue {
        .object([
            ("target", .number(report.attainmentTarget)),
            ("ttftLimit", setting("slo_ttft_seconds")), ("itlLimit", setting("slo_itl_seconds")),
            ("plant", .array(report.plant.map { .array([.string($0.name), .string($0.value)]) })),
            ("notes", .array(report.notes.map { .string($0) })),
            ("traces", .array(report.traces.map(trace))),
        ])
    }

    private func setting(_ name: String) -> JSONValue {
        .optional(report.plant.first { $0.name == name }.flatMap { Double($0.value) })
    }

    // MARK: A trace and its rows

    private func trace(_ name: String) -> JSONValue {
        let summaries = report.summaries(of: name)
        let outcome = summaries.first?.runs.first?.outcome
        let grid =
            summaries.compactMap { $0.recorded?.timeline.merged(to: Self.timelinePointsMax) }
            .max { $0.count < $1.count } ?? []
        return .object([
            ("name", .string(name)),
            ("requests", .integer(outcome?.requests ?? 0)),
            ("seconds", .number(outcome?.horizonSeconds ?? 0)),
            ("references", report.references(of: name).map(JSONReport.references) ?? .null),
            ("times", .array(grid.map { .rounded($0.start, places: 1) })),
            ("demand", .array(grid.map { .rounded($0.workRate, places: 3) })),
            ("rate", .array(grid.map { .rounded($0.arrivalRate, places: 3) })),
            ("rows", .array(summaries.map { row($0, grid: grid) })),
        ])
    }

    private func row(_ summary: PolicySummary, grid: [TimelinePoint]) -> JSONValue {
        .object(
            [
                ("policy", .string(summary.policy)), ("tuned", .bool(summary.isTuned)),
                ("meets", .bool(summary.reaches(report.attainmentTarget))), ("seeds", .integer(summary.runs.count)),
            ] + figures(summary) + [
                ("time", summary.recorded.map { timeline($0, grid: grid) } ?? .null),
                ("worst", summary.recorded.flatMap(WorstHour.init).map(worstHour) ?? .null),
            ])
    }

    private func figures(_ summary: PolicySummary) -> [(String, JSONValue)] {
        [
            ("knob", spread(summary.statistic(\.knob))),
            ("attainment", spread(summary.attainment)), ("hours", spread(summary.acceleratorHours)),
            ("cost", spread(summary.cost)), ("energy", spread(summary.statistic { $0.outcome.energy.kilowattHours })),
            ("ttft50", spread(summary.statistic { $0.outcome.ttft.p50 })),
            ("ttft95", spread(summary.statistic { $0.outcome.ttft.p95 })),
            ("ttft99", spread(summary.statistic { $0.outcome.ttft.p99 })),
            ("itl50", spread(summary.statistic { $0.outcome.itl.p50 })),
            ("itl95", spread(summary.statistic { $0.outcome.itl.p95 })),
            ("itl99", spread(summary.statistic { $0.outcome.itl.p99 })),
            ("unfinished", spread(summary.statistic { Double($0.outcome.unfinished) })),
            ("starts", spread(summary.statistic { Double($0.outcome.starts) })),
            ("actions", spread(summary.statistic { Double($0.outcome.scaleActions) })),
            ("clairvoyant", summary.optionalStatistic(\.ratioToClairvoyant).map(spread) ?? .null),
            ("static", summary.optionalStatistic(\.ratioToStatic).map(spread) ?? .null),
            ("fluid", summary.optionalStatistic(\.ratioToFluid).map(spread) ?? .null),
        ]
    }

    /// `[mean, deviation]`; the mean is null when it is infinite, the deviation when there is none.
    private func spread(_ statistic: Statistic) -> JSONValue {
        .array([.rounded(statistic.mean, places: 5), .rounded(statistic.deviation, places: 5)])
    }

    // MARK: Over time

    /// The columns of a run on the times of `grid`: at each, the run's last point not after it.
    private func timeline(_ run: BacktestRun, grid: [TimelinePoint]) -> JSONValue {
        let own = run.timeline.merged(to: Self.timelinePointsMax)
        var position = 0
        let points = grid.map { slot in
            while position + 1 < own.count, own[position + 1].start <= slot.start + 1e-6 { position += 1 }
            return own[position]
        }
        return .object([
            ("seed", .unsigned(run.seed)),
            ("desired", .array(points.map { .integer($0.desired) })),
            ("current", .array(points.map { .integer($0.current) })),
            ("ready", .array(points.map { .integer($0.ready) })),
            ("queued", .array(points.map { .integer($0.queued) })),
            ("ttft50", .array(points.map { latency($0.ttftP50) })),
            ("ttft99", .array(points.map { latency($0.ttftP99) })),
            ("itl99", .array(points.map { latency($0.itlP99) })),
            ("good", .array(points.map { .rounded($0.goodRatio, places: 4) })),
        ])
    }

    /// Null when nothing arrived, -1 when somebody was never answered.
    private func latency(_ seconds: Double?) -> JSONValue {
        guard let seconds else { return .null }
        return seconds.isFinite ? .rounded(seconds, places: 4) : .integer(-1)
    }

    private func worstHour(_ hour: WorstHour) -> JSONValue {
        .object([
            ("start", .rounded(hour.start, places: 1)), ("end", .rounded(hour.end, places: 1)),
            ("missed", .rounded(hour.missed, places: 1)), ("good", .rounded(hour.goodRatio, places: 5)),
            ("readyMin", .integer(hour.points.map(\.ready).min() ?? 0)),
            ("readyMax", .integer(hour.points.map(\.ready).max() ?? 0)),
            ("desiredMax", .integer(hour.points.map(\.desired).max() ?? 0)),
            ("queuedMax", .integer(hour.points.map(\.queued).max() ?? 0)),
            ("demandMax", .rounded(hour.points.map(\.workRate).max(), places: 2)),
            ("reasons", .array(hour.reasons.map { .array([.string($0.name), .integer($0.count)]) })),
            (
                "rows",
                .array(
                    hour.points.merged(to: Self.worstHourRowsMax).map { point in
                        .array([
                            .rounded(point.start, places: 1), .rounded(point.workRate, places: 2),
                            .integer(point.desired),
                            .integer(point.current), .integer(point.ready), .integer(point.queued),
                            .rounded(point.goodRatio, places: 4), latency(point.ttftP99),
                        ])
                    })
            ),
        ])
    }
}
