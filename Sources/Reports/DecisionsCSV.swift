package import Backtest
package import Fleet
internal import Simulation

/// Every change of the fleet, as a table for other programs: a row at time 0 and one per change, for each run.
package struct DecisionsCSV: Sendable {
    private let report: BacktestReport
    private let workload: WorkloadID
    private let variant: VariantID

    /// - Parameters:
    ///   - report: its runs' fleets are written; runs that recorded none give no row.
    ///   - workload: the served model's name.
    ///   - variant: the name of what its replicas run on.
    package init(_ report: BacktestReport, workload: WorkloadID, variant: VariantID) {
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
                quoted(workload.description),
                quoted(variant.description),
            ].joined(separator: ",")
            for point in pointsFromZero(run.fleet) {
                let time = Figures.compact(point.time, places: 3)
                text += "\(time),\(middle),\(point.desired),\(point.current),\(point.ready)\n"
            }
        }
        return text
    }

    /// The fleet as it stood at time 0, and each change after: what happened in a warm-up before it is summed up.
    private func pointsFromZero(_ fleet: [FleetPoint]) -> [FleetPoint] {
        guard var first = fleet.last(where: { $0.time <= 0 }) else { return fleet }
        first.time = 0
        return [first] + fleet.filter { $0.time > 0 }
    }

    private func quoted(_ name: String) -> String {
        guard name.contains(where: { ",\"\r\n".contains($0) }) else { return name }
        return "\"" + name.replacing("\"", with: "\"\"") + "\""
    }
}
