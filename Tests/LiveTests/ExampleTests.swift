import Foundation
import Link
import Testing

/// Each configuration of examples/ by `tideway up`: a request through the gateway, and a clean stop.
@Suite(.serialized) struct ExampleTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Whether the engine can run here; what is missing is installed by `dev/engines NAME`. Where changes are judged, what is
    /// missing is a failure.
    private static func canRun(_ name: String) -> Bool {
        if ProcessInfo.processInfo.environment["CI"] == "true" { return true }
        let process = Process()
        process.executableURL = root.appending(path: "dev/engines")
        process.arguments = ["has", name]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// The example's configuration as it is, but for a port and a state folder of its own.
    private func stack(_ name: String) async throws -> Stack {
        let folder = Self.root.appending(path: "examples/\(name)")
        let stack = try Stack()
        let text = try String(contentsOf: folder.appending(path: "tideway.yaml"), encoding: .utf8)
        try stack.configure(
            text.replacing("./", with: folder.path + "/")
                .replacing("working_folder: .", with: "working_folder: \(folder.path)")
                .replacing("\"tideway\"", with: "PROGRAM").replacing("5s\"]", with: "200ms\"]")
                .replacing(/(?m)^( +)command: .*$/) { "\($0.output.0)\n\($0.output.1)environment: {LIVE: MARK}" })
        try stack.start()
        try await stack.status("replica") { $0.isGatewayConnected && $0.only.ready >= 1 }
        return stack
    }

    private func end(_ stack: Stack) async throws {
        #expect(try await stack.stop() == 0, "\(stack.notes)")
        #expect(stack.marked.isEmpty, "\(stack.notes)")
    }

    @Test func emulator_bothWorkloads_answer() async throws {
        let stack = try await stack("emulator")
        for model in ["chat", "code"] {
            let answer = try await stack.ask(
                "/v1/completions", "{\"model\":\"\(model)\",\"prompt\":\"a\",\"max_tokens\":3}")
            #expect(answer.status == 200, "\(answer.text)\n\(stack.notes)")
        }
        #expect(try await stack.ask("/v1/models").text.contains("code"))
        try await end(stack)
    }

    @Test(.enabled(if: canRun("llama.cpp"), "SKIPPED: there is no llama.cpp here; `dev/engines llama.cpp` installs it"))
    func llama_wholeAndStreamed_answers() async throws {
        let stack = try await stack("llama.cpp")
        let question = #""model":"chat","messages":[{"role":"user","content":"a"}],"max_tokens":4,"ignore_eos":true"#
        let whole = try await stack.ask("/v1/chat/completions", "{\(question)}")
        #expect(whole.status == 200, "\(whole.text)\n\(stack.notes)")
        #expect(whole.text.contains(#""completion_tokens":4"#))
        let streamed = try await stack.ask("/v1/chat/completions", "{\(question),\"stream\":true}")
        #expect(streamed.status == 200)
        #expect(streamed.text.matches(of: /(?m)^data: \{/).count >= 4)
        #expect(streamed.text.contains("data: [DONE]"))
        try await end(stack)
    }

    @Test(
        .enabled(if: canRun("tensorflow"), "SKIPPED: there is no TensorFlow here; `dev/engines tensorflow` installs it")
    )
    func tensorflow_bothInterfaces_answerAlike() async throws {
        let stack = try await stack("tensorflow")
        let row = "[\((0..<16).map(String.init).joined(separator: ","))]"
        let kserve = try await stack.ask(
            "/v2/models/scores/infer",
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,16],\"data\":\(row)}]}")
        let serving = try await stack.ask("/v1/models/scores:predict", "{\"instances\":[\(row)]}")
        #expect(kserve.status == 200, "\(kserve.text)\n\(stack.notes)")
        #expect(serving.status == 200, "\(serving.text)")
        let values = try #require(serving.text.firstMatch(of: /\[\[(.*)\]\]/)?.output.1)
        #expect(kserve.text.contains("\"data\": [\(values)]"))
        #expect(try await stack.ask("/v1/models/scores:predict", "{\"instances\":[[1]]}").status == 400)
        try await end(stack)
    }
}
