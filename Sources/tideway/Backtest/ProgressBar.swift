internal import Foundation
internal import Synchronization

/// A line on standard error that says how far long work is, and with what it is busy; silent when that is no terminal.
final class ProgressBar: Sendable {
    private static let width = 30

    private struct State {
        var done = 0
        var total = 0
        /// What is under way, the longest first.
        var running: [String] = []
    }

    private let label: String
    private let state = Mutex(State())
    private let columns: Int
    private let write: @Sendable (String) -> Void

    /// - Parameter label: a word for the work.
    convenience init(label: String) {
        let isShown = Terminal.error.isShown
        self.init(label: label, columns: Terminal.error.columns ?? 80) { text in
            if isShown { FileHandle.standardError.write(Data(text.utf8)) }
        }
    }

    /// - Parameters:
    ///   - label: a word for the work.
    ///   - columns: the line is no longer.
    ///   - write: shows text; called for one line at a time.
    init(label: String, columns: Int, write: @escaping @Sendable (String) -> Void) {
        self.label = label
        self.columns = columns
        self.write = write
    }

    /// Expects that many more steps.
    func expect(_ count: Int) {
        change { $0.total += count }
    }

    /// A step begins; `name` says what it is.
    func begin(_ name: String) {
        change { $0.running.append(name) }
    }

    /// The step of that name is done.
    func advance(_ name: String) {
        change { state in
            state.done += 1
            if let index = state.running.firstIndex(of: name) { state.running.remove(at: index) }
        }
    }

    /// Does the work, and takes the line away after it, however it ends.
    func shown<Result: Sendable>(_ work: () async throws -> Result) async throws -> Result {
        defer { state.withLock { _ in write("\r\u{1b}[K") } }
        return try await work()
    }

    /// The lock is held while the line is written, so that lines do not mix.
    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            write("\r" + line(state).prefix(columns - 1) + "\u{1b}[K")
        }
    }

    private func line(_ state: State) -> String {
        let filled = state.done * ProgressBar.width / max(state.total, 1)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: ProgressBar.width - filled)
        let more = state.running.count > 1 ? " and \(state.running.count - 1) more" : ""
        return "\(label) \(bar) \(state.done)/\(state.total) \(state.running.first ?? "")\(more)"
    }
}
