internal import Foundation
internal import Link
internal import Load
internal import Synchronization

/// Shows how far a demonstration is: redrawn in place on a terminal, else some lines every ten seconds.
final class DemoView: Sendable {
    private static let secondsBetweenLines = 10.0

    private struct Last {
        var seconds = -Double.infinity
        var sent: [Int] = []
        var drawnLines = 0
    }

    private let isTerminal: Bool
    private let write: @Sendable (String) -> Void
    private let last = Mutex(Last())

    /// - Parameters:
    ///   - isTerminal: whether lines can be redrawn.
    ///   - write: shows text.
    init(isTerminal: Bool, write: @escaping @Sendable (String) -> Void) {
        self.isTerminal = isTerminal
        self.write = write
    }

    /// Shows the state of all workloads, if it is time.
    func show(_ progress: LoadProgress, _ status: [String: WorkloadStatus]) {
        last.withLock { last in
            let seconds = progress.seconds - last.seconds
            guard seconds >= (isTerminal ? 0.5 : Self.secondsBetweenLines) else { return }
            let lines = progress.workloads.enumerated().map { index, workload in
                let sent = index < last.sent.count ? Double(workload.sent - last.sent[index]) : 0
                return line(progress.seconds, workload, rate: sent / seconds, status[workload.model])
            }
            let back = isTerminal && last.drawnLines > 0 ? "\u{1b}[\(last.drawnLines)A" : ""
            write(back + lines.map { isTerminal ? "\u{1b}[K\($0)\n" : "\($0)\n" }.joined())
            last = Last(seconds: progress.seconds, sent: progress.workloads.map(\.sent), drawnLines: lines.count)
        }
    }

    private func line(
        _ seconds: Double, _ load: LoadProgress.Workload, rate: Double, _ status: WorkloadStatus?
    ) -> String {
        let time = seconds < 0 ? "lead-in" : "\(fixed(seconds, 0)) s"
        let counts = status.map {
            "queued \($0.queuedRequests ?? 0)  replicas desired \($0.desired ?? 0) current \($0.current) ready \($0.ready)"
        }
        return "\(padded(time, 8))\(padded(load.model, 11))\(padded("\(fixed(rate, 1))/s", 8))"
            + "in flight \(padded(grouped(load.inFlight), 4))\(counts ?? "no word from the controller")"
            + "  good \(LoadText.percent(load.attainment)) %"
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 1))
    }
}
