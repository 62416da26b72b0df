internal import Foundation
internal import Load
internal import Synchronization

/// One line on standard error that says how far a load run is; silent when that is no terminal.
final class LoadLine: Sendable {
    private struct Last {
        var seconds = 0.0
        var finished = 0
    }

    private let isShown: Bool
    private let last = Mutex(Last())
    /// Writing may block; the thread that sends must not.
    private let writer = DispatchQueue(label: "progress")

    init(isShown: Bool) { self.isShown = isShown }

    func show(_ progress: LoadProgress) {
        guard isShown else { return }
        let text = text(progress)
        writer.async { FileHandle.standardError.write(Data("\r\(text)\u{1b}[K".utf8)) }
    }

    /// Takes the line away.
    func clear() {
        guard isShown else { return }
        writer.sync { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
    }

    private func text(_ progress: LoadProgress) -> String {
        let rate = last.withLock { last in
            defer { last = Last(seconds: progress.seconds, finished: progress.finished) }
            return Double(progress.finished - last.finished) / max(progress.seconds - last.seconds, 1e-3)
        }
        let good = progress.workloads.reduce(0) { $0 + $1.good }
        let isJudged = progress.workloads.contains { $0.attainment != nil }
        let worst = progress.workloads.compactMap(\.ttftP99).max()
        return
            "\(fixed(progress.seconds, 0)) s  sent \(grouped(progress.sent))  in flight \(grouped(progress.inFlight))"
            + "  done \(grouped(progress.finished))  \(fixed(max(rate, 0), 1))/s  TTFT p99 \(LoadText.time(worst))"
            + (isJudged ? "  good \(LoadText.percent(Double(good) / Double(max(progress.finished, 1)))) %" : "")
    }
}
