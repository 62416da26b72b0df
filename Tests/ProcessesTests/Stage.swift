import Configuration
import Fleet
import Foundation
import Glibc
import Logging
import Runtime
import Synchronization
import Testing

@testable import Processes

/// A state folder of its own, an actuator over it, and what that reported.
final class Stage: Sendable {
    let folder: URL
    let actuator: ProcessesActuator
    private let outcomes = Mutex<[(outcome: ActuatorOutcome, at: Double)]>([])

    static let workload = WorkloadID("chat")
    static let pool = NodePoolID("pool")

    /// `folder`: that of an earlier stage, to be the next controller there.
    init(
        _ settings: ProcessSettings, acceleratorsPerNode: Int = 4, nodeCount: Int = 1, acceleratorsPerReplica: Int = 1,
        folder: URL? = nil
    ) throws {
        self.folder = folder ?? Self.newFolder()
        var pool = NodePoolSettings(id: Self.pool, acceleratorsPerNode: acceleratorsPerNode)
        pool.nodeCount = nodeCount
        var variant = VariantSettings(id: VariantID("v"), profile: "p", engine: .processes(settings))
        variant.pool = Self.pool
        variant.acceleratorsPerReplica = acceleratorsPerReplica
        var workload = WorkloadSettings(id: Self.workload)
        workload.variants = [variant]
        var logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        logger.logLevel = .critical
        actuator = try ProcessesActuator(
            workloads: [workload], pools: [pool], stateFolder: self.folder.path, logger: logger)
        actuator.report { [self] outcome in
            outcomes.withLock { $0.append((outcome, monotonicSeconds())) }
        }
    }

    static func newFolder() -> URL {
        FileManager.default.temporaryDirectory.appending(path: "tideway-processes-\(UUID().uuidString)")
    }

    static func name(_ number: Int) -> ReplicaName { ReplicaName(workload, ReplicaID(number)) }

    func start(_ number: Int) { actuator.start(StartOrder(name: Self.name(number), variant: VariantID("v"))) }
    func stop(_ number: Int, deadline: Duration? = nil) { actuator.stop(Self.name(number), deadline: deadline) }

    var reported: [ActuatorOutcome] { outcomes.withLock { $0.map(\.outcome) } }

    /// Waits for the first outcome that fits, and returns it.
    @discardableResult
    func outcome(
        within seconds: Double = 30, _ sourceLocation: SourceLocation = #_sourceLocation,
        where fits: (ActuatorOutcome) -> Bool
    ) async throws -> ActuatorOutcome {
        try await until(within: seconds, sourceLocation) { reported.contains(where: fits) }
        let found = reported.first(where: fits)
        return try #require(found, sourceLocation: sourceLocation)
    }

    func time(where fits: (ActuatorOutcome) -> Bool) -> Double? {
        outcomes.withLock { $0.first { fits($0.outcome) }?.at }
    }

    func record(_ number: Int) throws -> ReplicaRecord {
        try #require(actuator.list().first { $0.name == Self.name(number) })
    }

    func log(_ number: Int, suffix: String = "") -> String {
        fileText(logPath(number) + suffix) ?? ""
    }

    func logPath(_ number: Int) -> String { folder.path + "/replicas/\(Self.name(number).folderName)/log" }

    /// The mark of a replica's processes; a prefix of all marks without a number.
    func mark(_ number: Int? = nil) -> String {
        let replicas = URL(filePath: folder.path + "/replicas").resolvingSymlinksInPath().path
        return ProcessRecord.fingerprint([replicas]) + "/" + (number.map { "chat/\($0)" } ?? "")
    }

    /// Leaves the processes to the next controller.
    func close() { actuator.close() }

    /// Ends everything, and checks that nothing is left.
    func end(_ sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for record in actuator.list() { actuator.stop(record.name, deadline: .milliseconds(100)) }
        try await until(within: 30, sourceLocation) { actuator.list().isEmpty }
        #expect(ProcessTable.marked(prefix: mark()).isEmpty, sourceLocation: sourceLocation)
        close()
        try? FileManager.default.removeItem(at: folder)
    }
}

/// Polls until the condition holds; a test that waits longer than the generous limit has failed.
func until(
    within seconds: Double = 30, _ sourceLocation: SourceLocation = #_sourceLocation, _ condition: () -> Bool
) async throws {
    let end = monotonicSeconds() + seconds
    while !condition() {
        if monotonicSeconds() > end {
            Issue.record("it did not happen within \(seconds) s", sourceLocation: sourceLocation)
            throw TimeOut()
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}

struct TimeOut: Error {}

func isReady(_ number: Int) -> (ActuatorOutcome) -> Bool {
    { if case .ready(let record) = $0 { record.name == Stage.name(number) } else { false } }
}

func isLaunched(_ number: Int) -> (ActuatorOutcome) -> Bool {
    { if case .launched(let record) = $0 { record.name == Stage.name(number) } else { false } }
}

func isLost(_ number: Int) -> (ActuatorOutcome) -> Bool {
    { if case .lost(Stage.name(number), _) = $0 { true } else { false } }
}

func isFailed(_ number: Int) -> (ActuatorOutcome) -> Bool {
    { if case .failed(Stage.name(number), _) = $0 { true } else { false } }
}

/// The reason that an outcome gives; empty without one.
func reason(_ outcome: ActuatorOutcome) -> String {
    switch outcome {
    case .failed(_, let reason), .lost(_, let reason), .noCapacity(_, let reason), .unready(_, let reason): reason
    case .launched, .ready, .stopped: ""
    }
}

/// Small programs that stand in for model servers.
enum Script {
    /// Answers 503 to the first `unready` questions, then 200. `before` runs first, `then` after the first 200.
    static func server(unready: Int = 0, before: String = "", then: String = "") -> ProcessSettings {
        let text = """
            import os, signal, socket, subprocess, sys, threading, time
            \(before)
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", int(sys.argv[1])))
            listener.listen(64)
            asked = 0
            while True:
                connection, _ = listener.accept()
                connection.recv(4096)
                asked += 1
                status = b"503 Loading" if asked <= \(unready) else b"200 OK"
                connection.sendall(b"HTTP/1.1 " + status + b"\\r\\nContent-Length: 0\\r\\n\\r\\n")
                connection.close()
                if asked == \(unready) + 1:
                    \(then.isEmpty ? "pass" : then)
            """
        var settings = ProcessSettings(command: ["python3", "-S", "-u", "-c", text, "{port}"])
        settings.readinessInterval = .milliseconds(20)
        settings.stopDeadline = .seconds(5)
        return settings
    }

    /// Runs without ever being ready.
    static func shell(_ text: String) -> ProcessSettings {
        var settings = ProcessSettings(command: ["sh", "-c", text, "replica", "{port}"])
        settings.readinessInterval = .milliseconds(20)
        settings.stopDeadline = .seconds(5)
        return settings
    }
}
