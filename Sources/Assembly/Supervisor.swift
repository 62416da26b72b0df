internal import Foundation
internal import Glibc
package import Logging
internal import ServiceLifecycle
internal import Synchronization

/// Keeps processes of this program running: starts each again when it ends without being asked to.
package final class Supervisor: Service {
    /// A process to keep.
    package struct Child: Hashable, Sendable {
        /// For the log.
        package var name: String
        package var arguments: [String]

        package init(name: String, arguments: [String]) {
            self.name = name
            self.arguments = arguments
        }
    }

    /// Between an end and the next start: the first pause, and the longest.
    static let firstPause = Duration.milliseconds(200)
    static let longestPause = Duration.seconds(10)
    /// The longest after somebody killed it: it may be well, and the next one shall take over within five seconds.
    static let longestPauseAfterKill = Duration.seconds(1)
    /// A process that lived so long has come up: pauses begin anew.
    static let settled = Duration.seconds(10)
    /// Ends of a process that never came up, after which it is given up.
    static let failureLimit = 3

    private struct State {
        var running: [String: Process] = [:]
        var isStopping = false
    }

    private let program: String
    private let children: [Child]
    private let patience: Duration
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameters:
    ///   - program: path of the executable.
    ///   - children: the processes.
    ///   - patience: from the order to end until they are killed.
    ///   - logger: for ends and starts.
    package init(program: String, children: [Child], patience: Duration, logger: Logger) {
        self.program = program
        self.children = children
        self.patience = patience
        self.logger = logger
    }

    /// Runs until it is asked to end, and all processes have.
    ///
    /// - Throws: `AssemblyError` when one never comes up; the others are ended then.
    package func run() async throws {
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup { group in
                for child in children { group.addTask { try await self.keep(child) } }
                do {
                    // Not `waitForAll`: that throws when all have ended, and the other one does not end by itself.
                    while try await group.next() != nil {}
                } catch {
                    stop()
                    try? await group.waitForAll()
                    throw error
                }
            }
        } onGracefulShutdown: { [self] in
            stop()
        }
    }

    /// Sends a signal to every process.
    package func forward(_ signal: Int32) {
        for process in state.withLock({ $0.running.values.map(\.processIdentifier) }) { kill(process, signal) }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Asks all to end, once: asked again they would end at once. Kills what does not end.
    private func stop() {
        let isNews = state.withLock { state in
            defer { state.isStopping = true }
            return !state.isStopping
        }
        guard isNews else { return }
        forward(SIGTERM)
        // Ends with this process, which ends with its children.
        Task { [self] in
            try await Task.sleep(for: patience)
            if !state.withLock({ $0.running.isEmpty }) { logger.error("Processes do not end; they are killed") }
            forward(SIGKILL)
        }
    }

    private func keep(_ child: Child) async throws {
        var pause = Supervisor.firstPause
        var failures = 0
        while !isStopping {
            let start = ContinuousClock.now
            let status = try await run(child)
            if isStopping { return try check(status, of: child) }
            if ContinuousClock.now - start >= Supervisor.settled { (pause, failures) = (Supervisor.firstPause, 0) }
            let isKilled = !status.isExit && status.number == SIGKILL
            if isKilled { pause = min(pause, Supervisor.longestPauseAfterKill) } else { failures += 1 }
            guard failures < Supervisor.failureLimit else {
                throw AssemblyError(
                    .supervision, "the \(child.name) ended \(failures) times at once (\(status)); its messages say why")
            }
            logger.warning("The \(child.name) ended and is started again", metadata: ["ended": "\(status)"])
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Supervisor.longestPause)
        }
    }

    /// A process that crashed, or had to be killed, did not finish what it is for.
    private func check(_ status: Status, of child: Child) throws {
        guard !status.isExit, status.number != SIGTERM else { return }
        throw AssemblyError(
            .supervision,
            "the \(child.name) ended by \(status) while it was to finish: replicas may still run. Start Tideway again with the "
                + "same state folder: it takes them over, and stops them when it is stopped")
    }

    private struct Status: CustomStringConvertible {
        var isExit: Bool
        var number: Int32
        var description: String { isExit ? "exit status \(number)" : "signal \(number)" }
    }

    /// Starts a process and waits for its end.
    private func run(_ child: Child) async throws -> Status {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = child.arguments
        // Nothing is written to it: it closes when this process ends, however it ends, and that ends the child.
        process.standardInput = Pipe()
        let (ends, end) = AsyncStream.makeStream(of: Status.self)
        process.terminationHandler = {
            end.yield(Status(isExit: $0.terminationReason == .exit, number: $0.terminationStatus))
            end.finish()
        }
        try process.run()
        state.withLock { $0.running[child.name] = process }
        defer { state.withLock { $0.running[child.name] = nil } }
        if isStopping { kill(process.processIdentifier, SIGTERM) }
        // A stop is by signal, so that the wait is not cut short by a cancelled task.
        return await Task.detached {
            for await status in ends { return status }
            return Status(isExit: true, number: 0)
        }.value
    }
}

/// In a supervised process: what it hears of its supervisor.
enum Lifeline {
    /// Begins to listen: when the supervisor ends, this process is asked to end.
    static func hold() {
        let thread = Thread {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { break }
            }
            kill(getpid(), SIGTERM)
        }
        thread.stackSize = 64 << 10
        thread.start()
    }
}
