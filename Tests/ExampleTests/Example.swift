import Foundation
import Testing

/// One of the folders of examples/: its configuration, and the engine that it starts.
struct Example {
    let name: String

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    var folder: URL { Self.root.appending(path: "examples/\(name)") }

    /// The engines' commands as the configuration has them, in its order. Each is a list on one line.
    var commands: [[String]] {
        get throws {
            let text = try String(contentsOf: folder.appending(path: "tideway.yaml"), encoding: .utf8)
            return try text.matches(of: /(?m)^ +command: (\[.*\])$/).map {
                try JSONDecoder().decode([String].self, from: Data($0.output.1.utf8))
            }
        }
    }

    /// Whether the engine can run here; what is missing is installed by `dev/engines NAME`.
    static func isInstalled(_ name: String) -> Bool {
        let process = Process()
        process.executableURL = root.appending(path: "dev/engines")
        process.arguments = ["has", name]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Where changes are judged, what is missing is a failure.
    static var isRequired: Bool { ProcessInfo.processInfo.environment["CI"] == "true" }
}

/// A process that an example's command started.
struct RunningEngine {
    let process: Process
    let port: Int

    /// Starts the command on a free port, in the folder of the example, the built program first on the path.
    init(_ command: [String], of example: Example, log: String) throws {
        port = try freePort()
        process = Process()
        var words = command.map { $0.replacing("{port}", with: "\(port)") }
        let built = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let base = words[0].contains("/") ? example.folder : built
        words[0] = base.appending(path: words[0]).path
        // Foundation starts a process with the mask of the calling thread, which may block SIGTERM; `env` lets it through.
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["--default-signal=TERM"] + words
        process.currentDirectoryURL = example.folder
        let folder = Example.root.appending(path: ".build/examples")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "\(log).log")
        try Data().write(to: file)
        let output = try FileHandle(forWritingTo: file)
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    /// Asks until the path answers 200.
    func waitUntilReady(_ path: String) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            guard process.isRunning else { throw EngineFailure(what: "ended with \(process.terminationStatus)") }
            if let answer = try? await ask(path), answer.status == 200 { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw EngineFailure(what: "was not ready after a minute")
    }

    /// One request by curl, which every machine has that builds Swift; a body makes it a POST.
    func ask(_ path: String, _ body: String? = nil) async throws -> (status: Int, text: String) {
        let curl = Process()
        curl.executableURL = URL(filePath: "/usr/bin/env")
        curl.arguments =
            ["curl", "-sS", "--max-time", "30", "-w", "\n%{http_code}", "http://127.0.0.1:\(port)\(path)"]
            + (body.map { ["-H", "content-type: application/json", "--data-binary", $0] } ?? [])
        let pipe = Pipe()
        curl.standardOutput = pipe
        curl.standardError = FileHandle.nullDevice
        try curl.run()
        let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        curl.waitUntilExit()
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
    }

    /// SIGTERM, and what the process ended with; SIGKILL when it does not end within 30 seconds.
    func stop() async throws -> Int32 {
        process.terminate()
        let deadline = ContinuousClock.now + .seconds(30)
        while process.isRunning, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(10)) }
        kill()
        process.waitUntilExit()
        return process.terminationStatus
    }

    func kill() {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    }
}

struct EngineFailure: Error { var what: String }

/// A port that nobody had a moment ago.
private func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    guard isBound else { throw EngineFailure(what: "there is no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
}
