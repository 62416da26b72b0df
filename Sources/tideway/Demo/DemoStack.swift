internal import Assembly
internal import Fleet
internal import Foundation
internal import Glibc
internal import Link
internal import Traces

/// Everything that a demonstration starts: `tideway up` with its gateway, controller and emulators, in a folder of its own.
final class DemoStack {
    /// Until the first replicas are ready.
    static let readyDeadline = Duration.seconds(60)
    /// From the wish to stop until the process is killed.
    static let stopDeadline = Duration.seconds(20)

    private let folder: URL
    private let process = Process()
    let port: Int

    /// Writes the configuration and starts.
    ///
    /// - Throws: `CommandError`, or what the system refuses.
    init(_ plan: DemoPlan, traces: [Trace]) throws {
        // Short: the paths of local sockets have about a hundred bytes.
        folder = FileManager.default.temporaryDirectory.appending(path: "tideway-demo-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        port = try DemoStack.freePort()
        let program = try ownProgram()
        let file = folder.appending(path: "tideway.yaml")
        let configuration = DemoConfiguration(
            plan: plan, traces: traces, program: program, stateFolder: folder.appending(path: "state").path, port: port)
        try Data(configuration.text.utf8).write(to: file)
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        process.executableURL = URL(filePath: program)
        process.arguments = ["up", file.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    var url: String { "http://127.0.0.1:\(port)" }
    private var log: URL { folder.appending(path: "up.log") }

    /// The controller's own record.
    var adminSocket: String { StateFolder(folder.appending(path: "state").path).adminSocket }

    /// Waits until every workload has so many ready replicas.
    ///
    /// - Throws: `CommandError` with the end of the log when that does not come.
    func waitUntilReady(_ count: Int) async throws {
        let deadline = ContinuousClock.now + Self.readyDeadline
        while ContinuousClock.now < deadline, process.isRunning {
            if case .status(let status)? = try? await AdminClient.ask(.status, at: adminSocket),
                !status.workloads.isEmpty, status.workloads.allSatisfy({ $0.ready >= count })
            {
                return
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        throw CommandError(
            "The demonstration did not come up. The end of \(log.path):\n"
                + text.split(separator: "\n").suffix(15).joined(separator: "\n"))
    }

    /// Ends all processes, and takes the folder away unless it is needed to understand what went wrong.
    func stop(keepsFolder: Bool = false) async {
        if process.isRunning { process.terminate() }
        let deadline = ContinuousClock.now + Self.stopDeadline
        while process.isRunning, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(50)) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        if !keepsFolder { try? FileManager.default.removeItem(at: folder) }
    }

    /// A port that was free a moment ago.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw CommandError("No socket can be made: \(String(cString: strerror(errno))).") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw CommandError("No port of 127.0.0.1 is free: \(String(cString: strerror(errno))).") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
