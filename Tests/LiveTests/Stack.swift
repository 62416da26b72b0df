import Fleet
import Foundation
import Link
import Load
import Synchronization
import Testing
import Traces

/// `tideway up` in a folder of its own, as a user runs it.
final class Stack: Sendable {
    static let built = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    /// The program, for the commands of replicas.
    static var program: String { built.appending(path: "tideway").path }

    let folder: URL
    /// In the environment of every replica, and of what it starts.
    let mark = UUID().uuidString
    private let started = Mutex<Process?>(nil)
    var up: Process? { started.withLock { $0 } }
    /// Where the configuration is; its folder is where the program runs.
    private let file: URL

    /// A folder; nothing runs yet. The profile is written beside the configuration as `profile.json`.
    init(profile: String? = nil) throws {
        // The path of a socket has to be short.
        folder = URL(filePath: "/tmp/tw-\(mark.prefix(8))")
        file = folder.appending(path: "tideway.yaml")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if let profile { try write(profile, to: "profile.json") }
    }

    deinit {
        if let up, up.isRunning { kill(up.processIdentifier, SIGKILL) }
        // What a failed test left.
        for process in marked { kill(process.id, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    func write(_ text: String, to name: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    /// Writes the configuration; `MARK` and `PROGRAM` in it are filled in.
    func configure(_ text: String) throws {
        let filled = text.replacing("MARK", with: mark).replacing("PROGRAM", with: Stack.program)
        try write("state_folder: state\ngateway: {listen: \"127.0.0.1:0\"}\n" + filled, to: "tideway.yaml")
    }

    func start() throws {
        let process = try run("up")
        started.withLock { $0 = process }
    }

    /// Starts a command of the program on this configuration; what it says goes to the notes. Nobody ends it but the caller.
    func run(_ command: String) throws -> Process {
        let process = Process()
        // Foundation starts a process with the signal mask of the calling thread; `env` lets SIGTERM through.
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["--default-signal=TERM", Stack.program, command, file.path]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        if !FileManager.default.fileExists(atPath: log.path) { try Data().write(to: log) }
        let output = try FileHandle(forWritingTo: log)
        try output.seekToEnd()
        process.standardError = output
        try process.run()
        return process
    }

    private var log: URL { folder.appending(path: "up.log") }
    var notes: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    // MARK: Looking

    /// What the controller says; nil while nobody answers.
    func status() async -> ControllerStatus? {
        guard case .status(let status)? = try? await AdminClient.ask(.status, at: folder.path + "/state/admin.sock")
        else { return nil }
        return status
    }

    /// Asks until the status fits.
    @discardableResult
    func status(
        _ what: String, where fits: (ControllerStatus) -> Bool
    ) async throws -> ControllerStatus {
        var last: ControllerStatus?
        for _ in 0..<1200 {
            last = await status()
            if let last, fits(last) { return last }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw StandStill("no \(what): \(last.map { "\($0)" } ?? "nobody answers")\n\(notes)")
    }

    /// Looks until it is so.
    func wait(_ what: String, until isSo: () async throws -> Bool) async throws {
        for _ in 0..<1200 {
            if try await isSo() { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw StandStill("no \(what)\n\(notes)")
    }

    /// Where requests go: the gateway says it.
    func address() async throws -> String {
        var address = ""
        try await wait("address") {
            address = notes.matches(of: /Send requests to (http:\S+)/).last.map { String($0.output.1) } ?? ""
            return !address.isEmpty
        }
        return address
    }

    /// The process of this program that runs the command for this folder; nil when there is none.
    func process(_ command: String) -> Int32? {
        processes { arguments, _ in
            arguments.count > 2 && arguments[0].hasSuffix("tideway") && arguments[1] == command
                && arguments[2] == file.path
        }.first
    }

    /// Living processes of replicas, with the replica that each belongs to.
    var marked: [(id: Int32, replica: String)] {
        var found: [(Int32, String)] = []
        for id in processes(where: { _, environment in environment.contains("LIVE=\(mark)") }) {
            let name = environmentText(id).first { $0.hasPrefix("TIDEWAY_REPLICA=") } ?? "none"
            found.append((id, String(name.dropFirst(16))))
        }
        return found
    }

    private func environmentText(_ id: Int32) -> [String] { texts("/proc/\(id)/environ") }

    private func processes(where fits: ([String], [String]) -> Bool) -> [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { Int32($0) }.sorted().filter {
            isAlive($0) && fits(texts("/proc/\($0)/cmdline"), environmentText($0))
        }
    }

    private func texts(_ path: String) -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: Acting

    /// Reads the configuration again.
    func hangUp() { if let up { kill(up.processIdentifier, SIGHUP) } }

    /// Asks it to end, and waits for that.
    func stop() async throws -> Int32 {
        up?.terminate()
        return try await end()
    }

    /// Waits for its end.
    func end() async throws -> Int32 {
        guard let up else { return 0 }
        try await wait("end") { !up.isRunning }
        return up.terminationStatus
    }

    /// Streams in an even sequence.
    func streams(
        _ count: Int, perSecond rate: Double, tokens: UInt32, model: String = "chat"
    ) async throws -> LoadRun {
        var builder = TraceBuilder()
        for number in 0..<count {
            let row = RequestRow(arrival: Double(number) / rate, promptTokens: 8, outputTokens: tokens)
            builder.append(TraceBuilder.Request(row: row))
        }
        let target = try LoadTarget(url: try await address())
        return LoadRun(
            LoadPlan(
                target: target,
                workloads: [LoadWorkload(model: model, trace: builder.finish(name: "even"), objective: nil)]))
    }

    /// One request by curl; a body makes it a POST.
    func ask(_ path: String, _ body: String? = nil, limitSeconds: Int = 100) async throws -> (status: Int, text: String)
    {
        let address = try await address()
        let curl = Process()
        curl.executableURL = URL(filePath: "/usr/bin/env")
        curl.arguments =
            ["curl", "-sSN", "--max-time", "\(limitSeconds)", "-w", "\n%{http_code}", address + path]
            + (body.map { ["-H", "content-type: application/json", "--data-binary", $0] } ?? [])
        // A file and polls, as a read from a pipe would hold one of the few threads that all tests share.
        let answer = folder.appending(path: UUID().uuidString)
        try Data().write(to: answer)
        curl.standardOutput = try FileHandle(forWritingTo: answer)
        curl.standardError = FileHandle.nullDevice
        try curl.run()
        while curl.isRunning { try await Task.sleep(for: .milliseconds(20)) }
        let lines = try String(contentsOf: answer, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
    }
}

/// One that ended and that nobody has asked about yet is not alive.
func isAlive(_ process: Int32) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
        let end = text.lastIndex(of: ")")
    else { return false }
    return !text[end...].dropFirst(2).hasPrefix("Z")
}

/// What was waited for did not come.
struct StandStill: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension ControllerStatus {
    /// The one workload's.
    var only: WorkloadStatus { workloads.first ?? WorkloadStatus(id: "", mode: "", policy: "") }
}
