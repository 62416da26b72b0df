internal import Foundation
internal import Synchronization

/// A line on standard error that says how far long work is; silent when that is no terminal.
final class ProgressBar: Sendable {
    private static let width = 30
    private let isShown: Bool
    private let state: Mutex<(done: Int, total: Int, label: String)>

    init(label: String) {
        isShown = isatty(STDERR_FILENO) == 1
        state = Mutex((0, 0, label))
    }

    /// Expects that many more steps.
    func expect(_ count: Int) {
        state.withLock { $0.total += count }
    }

    /// One step is done.
    func advance() {
        guard isShown else { return }
        let line = state.withLock { state in
            state.done += 1
            let filled = state.done * ProgressBar.width / max(state.total, 1)
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: ProgressBar.width - filled)
            return "\r\(state.label) \(bar) \(state.done)/\(state.total)"
        }
        FileHandle.standardError.write(Data(line.utf8))
    }

    /// Takes the line away.
    func finish() {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\r\u{1b}[K".utf8))
    }
}
