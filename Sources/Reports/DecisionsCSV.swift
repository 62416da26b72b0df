package import Backtest
internal import Control
internal import Fleet

/// Every change of the fleet, as a table for other programs: a row at time 0 and one per change, for each run.
package struct DecisionsCSV: Sendable {
    private let report: BacktestReport
    private let workload: String
    private let variant: String

    /// - Parameters:
    ///   - report: its runs' decisions are written; runs without recorded decisions give no row.
    ///   - workload: the served model's name.
    ///   - variant: the name of what its replicas run on.
    package init(_ report: BacktestReport, workload: String, variant: String) {
        self.report = report
        self.workload = workload
        self.variant = variant
    }

    /// The first line.
    package static let header = "time_s,trace,policy,tuned,seed,workload,variant,desired,current,ready"

    /// Writes the table (RFC 4180, with line feeds).
    ///
    /// - Returns: the header and a line per decision, in the order of the runs.
    package func render() -> String {
        var text = Self.header + "\n"
        for run in report.runs {
            let middle = [
                quoted(run.trace), quoted(run.policy), run.isTuned ? "true" : "false", String(run.seed),
                quoted(workload),
                quoted(variant),
            ].joined(separator: ",")
            for record in run.decisions {
                let time = Figures.compact(record.at.seconds, places: 3)
                text += "\(time),\(middle),\(record.desired),\(record.current),\(record.ready)\n"
            }
        }
        return text
    }

    private func quoted(_ name: String) -> String {
        guard name.contains(where: { ",\"\r\n".contains($0) }) else { return name }
        return "\"" + name.replacing("\"", with: "\"\"") + "\""
    }
}
