internal import Foundation
internal import Link

/// The controller's status as a table.
struct StatusText: CustomStringConvertible {
    private let status: ControllerStatus
    private let now: Double

    /// - Parameters:
    ///   - status: the controller's answer.
    ///   - now: seconds since 1970.
    init(_ status: ControllerStatus, now: Double) {
        self.status = status
        self.now = now
    }

    var description: String { ([heading] + table).joined(separator: "\n") }

    private var heading: String {
        "controller \(status.processID), up \(age(since: status.startedAt)), mode \(status.mode)"
            + (status.isFrozen ? ", FROZEN" : "")
            + (status.isGatewayConnected ? "" : ", NO GATEWAY CONNECTED") + "\n"
    }

    private var table: [String] {
        let titles = [
            "workload", "mode", "desired", "current", "ready", "draining", "running", "queued", "good", "last decision",
        ]
        let rows = [titles] + status.workloads.map(cells)
        let widths = titles.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return isText(column) ? cell.0 + padding : padding + cell.0
            }.joined(separator: "  ")
        }
    }

    private func isText(_ column: Int) -> Bool { column < 2 || column == 9 }

    private func cells(_ workload: WorkloadStatus) -> [String] {
        [
            workload.id, workload.mode, count(workload.desired), "\(workload.current)", "\(workload.ready)",
            "\(workload.draining)", count(workload.runningRequests), count(workload.queuedRequests),
            workload.attainment.map { String(format: "%.2f %%", $0 * 100) } ?? "-", decision(workload),
        ]
    }

    private func decision(_ workload: WorkloadStatus) -> String {
        guard let last = workload.lastDecision else { return "none yet" }
        return "\(last.desired) (\(last.reason)), \(age(since: last.time)) ago"
    }

    private func count(_ number: Int?) -> String { number.map(String.init) ?? "-" }

    private func age(since time: Double) -> String {
        let seconds = Int(max(now - time, 0))
        if seconds < 120 { return "\(seconds) s" }
        return seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h"
    }
}
