package import Backtest
internal import Simulation

/// All seeds of one policy on one trace, untuned or tuned: a row of the tables and a point of the chart.
package struct PolicySummary: Sendable {
    package let policy: String
    package let isTuned: Bool
    /// In the order of the report, at least one.
    package let runs: [BacktestRun]

    /// Good / offered, 0…1, over the seeds.
    package var attainment: Statistic { statistic { $0.outcome.attainment } }
    package var acceleratorHours: Statistic { statistic { $0.outcome.acceleratorHours } }
    package var cost: Statistic { statistic { $0.cost } }

    /// One figure over the seeds.
    ///
    /// - Parameter figure: reads it from a run.
    /// - Returns: its mean and deviation.
    package func statistic(_ figure: (BacktestRun) -> Double) -> Statistic { Statistic(runs.map(figure)) }

    /// One figure over the seeds that may not exist.
    ///
    /// - Parameter figure: reads it from a run.
    /// - Returns: its mean and deviation; nil when a seed lacks it.
    package func optionalStatistic(_ figure: (BacktestRun) -> Double?) -> Statistic? {
        let values = runs.compactMap(figure)
        return values.count == runs.count ? Statistic(values) : nil
    }

    /// Whether the mean attainment is at least `target`; a rounding error below still counts.
    ///
    /// - Parameter target: 0…1.
    /// - Returns: true when it is reached.
    package func reaches(_ target: Double) -> Bool { attainment.mean >= target - 1e-9 }

    /// Whether the mean accelerator-hours are those of `other` but for rounding errors.
    func costs(as other: PolicySummary) -> Bool {
        let (own, hours) = (acceleratorHours.mean, other.acceleratorHours.mean)
        return abs(own - hours) <= 1e-9 * max(own, hours)
    }

    /// The first seed that was recorded over time; nil when none was.
    var recorded: BacktestRun? { runs.first { !$0.timeline.isEmpty } }
}

extension BacktestReport {
    /// The traces in the order of their first run.
    package var traces: [String] {
        var seen: Set<String> = []
        return runs.map(\.trace).filter { seen.insert($0).inserted }
    }

    /// The policies on one trace: first those that reach the attainment target, the cheapest first, then the others, the best
    /// served first. Equal ones stay in the order of the report.
    ///
    /// - Parameter trace: one of `traces`.
    /// - Returns: one summary per policy, and another for its tuned runs.
    package func summaries(of trace: String) -> [PolicySummary] {
        struct Key: Hashable {
            let policy: String
            let isTuned: Bool
        }
        var order: [Key] = []
        var groups: [Key: [BacktestRun]] = [:]
        for run in runs where run.trace == trace {
            let key = Key(policy: run.policy, isTuned: run.isTuned)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(run)
        }
        let summaries = order.map { PolicySummary(policy: $0.policy, isTuned: $0.isTuned, runs: groups[$0] ?? []) }
        // Swift's sort is stable.
        return summaries.sorted { precedes($0, $1) }
    }

    /// The references of a trace; nil when none were computed.
    ///
    /// - Parameter trace: one of `traces`.
    /// - Returns: its references.
    package func references(of trace: String) -> TraceReferences? { references.first { $0.trace == trace } }

    private func precedes(_ left: PolicySummary, _ right: PolicySummary) -> Bool {
        switch (left.reaches(attainmentTarget), right.reaches(attainmentTarget)) {
        case (true, false): true
        case (false, true): false
        case (true, true): left.acceleratorHours.mean < right.acceleratorHours.mean
        case (false, false): left.attainment.mean > right.attainment.mean
        }
    }
}
