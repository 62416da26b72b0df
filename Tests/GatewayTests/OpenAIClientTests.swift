import Configuration
import Emulator
import Foundation
import Performance
import Profiles
import Testing

/// OpenAI's own Python client against the gateway, in front of an emulated engine.
@Suite(
    .enabled(
        if: OpenAIClient.isThere || OpenAIClient.isRequired,
        "SKIPPED: OpenAI's Python client is not here; `dev/engines clients` installs it"))
struct OpenAIClientTests {
    @Test func client_streamingAndNotAndWrong_isServedAndRefused() async throws {
        var options = EmulatorOptions(profile: try ProfileCatalogue.load("8b-h100"), modelName: "small")
        options.speed = 10
        let engine = try await EngineServer.start(options)
        let gateway = try await GatewayFixture.start(upstreams: [engine.port], environment: ["KEYS": "sk-1=tests"]) {
            $0.gateway.apiKeysVariable = "KEYS"
            $0.workloads[0].modelNames = ["alias"]
        }
        let said = try await OpenAIClient.run(port: gateway.port, key: "sk-1")
        #expect(said == "all good\n")
        #expect(await gateway.isSettled())
        await gateway.stop()
        try await engine.close()
    }
}

private enum OpenAIClient {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    static let python = folder.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: ".build/clients/bin/python")

    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: python.path) }

    /// Where changes are judged, a missing client is a failure.
    static var isRequired: Bool { ProcessInfo.processInfo.environment["CI"] == "true" }

    /// What the script says, its complaints included.
    static func run(port: Int, key: String) async throws -> String {
        let process = Process()
        process.executableURL = python
        process.arguments = [folder.appending(path: "gateway_client.py").path, "http://127.0.0.1:\(port)/v1", key]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading
        return try await Task.detached { String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self) }.value
    }
}
