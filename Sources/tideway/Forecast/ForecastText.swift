internal import Fleet
internal import Forecasting

/// The text of `tideway forecast`.
struct ForecastText {
    private static let rowsMax = 12

    private let report: ForecastReport
    private let columns: Int

    init(_ report: ForecastReport, columns: Int) {
        self.report = report
        self.columns = columns
    }

    var lines: [String] {
        let scores = scores
        return [head, ""] + table + load + [""] + ForecastChart(report, columns: columns).lines
            + (scores.isEmpty ? [] : [""] + scores)
            + (report.notes.isEmpty ? [] : [""] + report.notes.map { "note: \($0)" })
    }

    private var head: String {
        let series = report.series
        let step = DurationOption(seconds: series.stepSeconds)
        let known = series.values.count { $0 != nil }
        let periods = report.periods.map { DurationOption(seconds: Double($0) * series.stepSeconds).description }
        let repeats = periods.isEmpty ? "no period found" : "repeats every \(periods.joined(separator: " and "))"
        return "\(series.name): \(grouped(known)) samples of \(series.measure) every \(step); \(repeats)"
    }

    /// At most a dozen of the steps, the last one among them.
    private var table: [String] {
        let steps = report.forecast.steps
        let stride = max((steps.count + Self.rowsMax - 1) / Self.rowsMax, 1)
        let shown = steps.indices.filter { ($0 + 1) % stride == 0 || $0 == steps.count - 1 || $0 == 0 }
        let heads = ["ahead", "mean"] + report.levels.map { "q\($0)" }
        let rows = shown.map { index -> [String] in
            let step = steps[index]
            let ahead = DurationOption(seconds: Double(index + 1) * report.series.stepSeconds).description
            let values = step.quantiles.map { Self.amount($0.value) }
            return [ahead, Self.amount(step.mean)] + (values.isEmpty ? report.levels.map { _ in "-" } : values)
        }
        return TextTable.lines([heads] + rows)
    }

    /// The load in tokens at the horizon.
    private var load: [String] {
        guard let load = report.load else { return [] }
        let rows = [
            ("prompt tokens/s", load.promptTokensPerSecond.last), ("output tokens/s", load.outputTokensPerSecond.last),
        ]
        return [""]
            + TextTable.lines(
                [["at the horizon", "mean"] + report.levels.map { "q\($0)" }]
                    + rows.map { name, step in
                        let values = step.quantiles.map { Self.amount($0.value) }
                        return [name, Self.amount(step.mean)]
                            + (values.isEmpty ? report.levels.map { _ in "-" } : values)
                    })
    }

    private var scores: [String] {
        guard let first = report.origins.first else { return [] }
        let heads = ["on the past", "scaled loss"] + report.levels.map { "below q\($0)" }
        let rows = report.scores.map { score in
            [score.name, score.scaledLoss.map { fixed($0, 3) } ?? "-"]
                + (score.coverage.isEmpty
                    ? report.levels.map { _ in "-" } : score.coverage.map { "\(fixed($0 * 100, 1)) %" })
        }
        return TextTable.lines([heads] + rows) + [
            "\(report.origins.count) forecasts, the first after \(grouped(first.known)) samples; loss: mean pinball loss over "
                + "the mean change per step."
        ]
    }

    /// Three or four significant digits.
    static func amount(_ value: Double) -> String {
        switch abs(value) {
        case ..<1: fixed(value, 3)
        case ..<10: fixed(value, 2)
        case ..<1_000: fixed(value, 1)
        case ..<1e15: grouped(Int(value.rounded()))
        default: "\(value)"
        }
    }
}
