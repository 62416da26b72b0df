internal import Backtest
internal import Configuration
internal import Policies
internal import Reports

/// The text of `tideway tune`, and the file of settings.
struct TuneText {
    /// Characters in a line where the output is no terminal.
    static let columns = 100

    private let report: TuningReport
    private let columns: Int

    init(_ report: TuningReport, columns: Int) {
        self.report = report
        self.columns = columns
    }

    var lines: [String] {
        [report.subject, searched, ""] + curve + [""] + TradeOffChart(report, columns: columns).lines + [""] + settings
            + [""] + TuningSummary(report).sentences + report.notes.map { "Note: \($0)" }
    }

    private var searched: String {
        let seeds = report.candidates[0].runs.count
        return
            "\(report.policy): \(report.candidates.count) candidates, the best with \(seeds) seed\(seeds == 1 ? "" : "s"), "
            + "\(grouped(report.runCount)) runs"
    }

    /// Those that no other beats in both, and the default.
    private var curve: [String] {
        let shown = Set(report.curve + [0, report.chosen]).sorted {
            let (left, right) = (report.candidates[$0].mean, report.candidates[$1].mean)
            return (left.acceleratorHours, $0) < (right.acceleratorHours, $1)
        }
        let heads = ["trade-off", "accelerator-hours", "good %", "hours against the default"]
        let standard = report.candidates[0].mean.acceleratorHours
        let rows = shown.map { index -> [String] in
            let candidate = report.candidates[index]
            let hours = Statistic(candidate.runs.map(\.acceleratorHours))
            let spread = hours.deviation.map { " ± \(fixed($0, 2))" } ?? ""
            let change = standard > 0 ? (hours.mean / standard - 1) * 100 : 0
            // Rounded down: what misses 99 % is never shown as 99.0.
            let share = (candidate.mean.attainment * 10_000 + 1e-6).rounded(.down) / 100
            return [
                name(index), "\(fixed(hours.mean, 2))\(spread)", fixed(share, 2),
                index == 0 ? "" : "\(change < 0 ? "" : "+")\(fixed(change, 1)) %",
            ]
        }
        return TextTable.lines([heads] + rows)
    }

    private func name(_ index: Int) -> String {
        switch index {
        case report.chosen: index == 0 ? "default, chosen" : "chosen"
        case 0: "default"
        default: "candidate \(index)"
        }
    }

    private var settings: [String] {
        let rows = report.parameters.map { parameter -> [String] in
            let values = [0, report.chosen].map { parameter.value(in: report.candidates[$0].settings) }
            let box = parameter.searched ?? parameter.range
            return [parameter.name] + values.map { "\($0)" } + ["\(box.lowerBound) to \(box.upperBound)"]
        }
        return TextTable.lines([["setting", "default", "chosen", "searched"]] + rows)
    }

    /// What `--output` writes: the settings that are kept, with where they are from.
    var settingsFile: String {
        let origin = "Settings of the policy tideway, by `tideway tune` on \(report.subject)."
        return PolicySettingsFile.text(
            report.candidates[report.kept].settings, of: report.parameters,
            comments: [origin] + TuningSummary(report).sentences + [
                report.kept == 0
                    ? "These are the defaults." : "For `tideway backtest --settings FILE`, and for tideway.yaml."
            ])
    }
}
