import Foundation
import Testing

@testable import Emulator

/// OpenAI's own Python client against the emulator.
@Suite(
    .enabled(
        if: OpenAIClient.isThere || OpenAIClient.isRequired,
        "SKIPPED: OpenAI's Python client is not here; `dev/engines clients` installs it"))
struct OpenAIClientTests {
    @Test func client_streamingAndNot_isContent() async throws {
        let server = try await EngineServer.start(.fast)
        let said = try await OpenAIClient.run(port: server.port)
        try await server.close()
        #expect(said == "all good\n")
    }
}

private enum OpenAIClient {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let python = root.appending(path: ".build/clients/bin/python")

    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: python.path) }

    /// Where changes are judged, a missing client is a failure.
    static var isRequired: Bool { ProcessInfo.processInfo.environment["CI"] == "true" }

    /// What the script says, its complaints included.
    static func run(port: Int) async throws -> String {
        let process = Process()
        process.executableURL = python
        let script = root.appending(path: "Tests/EmulatorTests/openai_client.py").path
        process.arguments = [script, "http://127.0.0.1:\(port)/v1"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading
        return try await Task.detached { String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self) }.value
    }
}
