import Testing

/// Each engine of examples/ by the command that its configuration names: it becomes ready, answers, and stops.
@Suite(.serialized) struct EngineTests {
    private func run(
        _ command: [String], of example: Example, ready: String, _ body: (RunningEngine) async throws -> Void
    ) async throws {
        let engine = try RunningEngine(command, of: example, log: "\(example.name)-\(command.count)")
        defer { engine.kill() }
        try await engine.waitUntilReady(ready)
        try await body(engine)
        #expect(try await engine.stop() == 0)
    }

    @Test(arguments: [0, 1])
    func emulator_ofEachWorkload_answers(index: Int) async throws {
        let example = Example(name: "emulator")
        let commands = try example.commands
        try #require(commands.count == 2)
        // The load delay is for people to watch.
        let command = commands[index].map { $0 == "5s" ? "100ms" : $0 }
        try await run(command, of: example, ready: "/health") { engine in
            let model = index == 0 ? "chat" : "code"
            let answer = try await engine.ask(
                "/v1/completions", "{\"model\":\"\(model)\",\"prompt\":\"a\",\"max_tokens\":3}")
            #expect(answer.status == 200)
            #expect(answer.text.contains("This is tideway-emulator:"))
        }
    }

    @Test(
        .enabled(
            if: Example.isRequired || Example.isInstalled("llama.cpp"),
            "SKIPPED: there is no llama.cpp here; `dev/engines llama.cpp` installs it"))
    func llama_realServer_answers() async throws {
        let example = Example(name: "llama.cpp")
        let command = try #require(try example.commands.first)
        try await run(command, of: example, ready: "/health") { engine in
            let answer = try await engine.ask(
                "/v1/chat/completions",
                #"{"model":"chat","messages":[{"role":"user","content":"a"}],"max_tokens":4,"ignore_eos":true}"#)
            #expect(answer.status == 200)
            #expect(answer.text.contains(#""completion_tokens":4"#))
            #expect(try await engine.ask("/metrics").text.contains("llamacpp:tokens_predicted_total 4"))
        }
    }

    @Test(
        .enabled(
            if: Example.isRequired || Example.isInstalled("tensorflow"),
            "SKIPPED: there is no TensorFlow here; `dev/engines tensorflow` installs it"))
    func tensorflow_bothInterfaces_agree() async throws {
        let example = Example(name: "tensorflow")
        let command = try #require(try example.commands.first)
        try await run(command, of: example, ready: "/v2/health/ready") { engine in
            let row = "[\((0..<16).map(String.init).joined(separator: ","))]"
            let kserve = try await engine.ask(
                "/v2/models/scores/infer",
                "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,16],\"data\":\(row)}]}")
            let serving = try await engine.ask("/v1/models/scores:predict", "{\"instances\":[\(row)]}")
            #expect(kserve.status == 200)
            #expect(serving.status == 200)
            let values = try #require(serving.text.firstMatch(of: /\[\[(.*)\]\]/)?.output.1)
            #expect(values.split(separator: ",").count == 4)
            #expect(kserve.text.contains("\"data\": [\(values)]"))
            #expect(try await engine.ask("/v1/models/scores:predict", #"{"instances":[[1]]}"#).status == 400)
            #expect(try await engine.ask("/v2/models/scores/infer", "{").status == 400)
            #expect(try await engine.ask("/v2/models/other/infer", "{}").status == 404)
            let metrics = try await engine.ask("/metrics").text
            #expect(metrics.contains("tensorflow_request_seconds_count{model=\"scores\"} 3"))
            #expect(metrics.contains("tensorflow_request_failures_total{model=\"scores\"} 1"))
        }
    }
}
