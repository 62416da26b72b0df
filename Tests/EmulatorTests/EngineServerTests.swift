import Foundation
import Performance
import Synchronization
import Testing

@testable import Emulator

@Suite struct EngineServerTests {
    private func serve(
        _ options: EmulatorOptions = .fast, _ body: (EngineServer) async throws -> Void
    ) async throws {
        let server = try await EngineServer.start(options)
        do { try await body(server) } catch {
            try await server.close()
            throw error
        }
        try await server.close()
    }

    private func metric(_ name: String, port: Int) async throws -> Double {
        let client = try await HTTPClient(port: port)
        try await client.get("/metrics")
        let page = try await client.wait { $0.contains("request_generation_tokens_count") }
        try await client.close()
        let line = page.split(whereSeparator: \.isNewline).first { $0.hasPrefix("vllm:\(name){") }
        return try #require(line.flatMap { Double($0.split(separator: " ").last ?? "") })
    }

    @Test func chat_whole_isAnsweredWithExactUsage() async throws {
        try await serve { server in
            let client = try await HTTPClient(port: server.port)
            try await client.post(
                "/v1/chat/completions",
                #"{"model":"m","messages":[{"role":"user","content":"12345678"}],"max_tokens":5}"#)
            let answer = try await client.wait { $0.hasSuffix("}}}") }
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\nserver: tideway-emulator\r\n"))
            #expect(answer.contains(#""content":"This is tideway-emulator: it imitates""#))
            #expect(answer.contains(#""prompt_tokens":2,"completion_tokens":5,"total_tokens":7"#))
            // The connection is kept.
            try await client.get("/v1/models")
            let models = try await client.wait { $0.hasSuffix("]}") }
            #expect(models.contains(#""owned_by":"tideway-emulator""#))
        }
    }

    @Test(arguments: [
        ("/v1/chat/completions", #""messages":[{"role":"user","content":"a"}]"#, #""content":"This""#),
        ("/v1/completions", #""prompt":"a""#, #""text":"This""#),
    ])
    func stream_withUsage_isWellFormed(path: String, prompt: String, first: String) async throws {
        try await serve { server in
            let client = try await HTTPClient(port: server.port)
            try await client.post(
                path, "{\(prompt),\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_tokens\":7}",
                headers: "connection: close\r\nx-tideway-prompt-tokens: 321\r\nx-request-id: r1\r\n")
            try await client.waitForClose()
            let answer = client.text
            #expect(answer.contains("content-type: text/event-stream\r\n"))
            #expect(answer.contains("transfer-encoding: chunked\r\n"))
            #expect(answer.contains("x-request-id: r1\r\n"))
            #expect(answer.hasSuffix("data: [DONE]\n\n\r\n0\r\n\r\n"))
            let events = answer.split(separator: "data: ").dropFirst().dropLast()
            for event in events {
                let json = Data(String(event.split(separator: "\n")[0]).utf8)
                #expect(try JSONSerialization.jsonObject(with: json) is [String: Any])
            }
            let tokens = events.filter { $0.contains("finish_reason\":null") && !$0.contains("role") }
            #expect(tokens.count == 7)
            #expect(tokens.first?.contains(first) == true)
            #expect(events.filter { $0.contains(#""finish_reason":"length""#) }.count == 1)
            let usage = #""prompt_tokens":321,"completion_tokens":7,"total_tokens":328"#
            #expect(events.last?.contains("\"choices\":[],\"usage\":{\(usage)") == true)
        }
    }

    @Test func embeddings_twoInputs_haveTwoVectors() async throws {
        try await serve { server in
            let client = try await HTTPClient(port: server.port)
            try await client.post("/v1/embeddings", #"{"input":["a","b"],"dimensions":3}"#)
            let answer = try await client.wait { $0.hasSuffix("}}") }
            let body = Data(try #require(answer.split(separator: "\r\n\r\n").last).utf8)
            let object = try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
            let data = try #require(object["data"] as? [[String: Any]])
            #expect(data.compactMap { ($0["embedding"] as? [Double])?.count } == [3, 3])
        }
    }

    @Test(arguments: [
        ("GET /nowhere HTTP/1.1\r\nhost: a\r\n\r\n", 404, "not_found"),
        ("GET /v1/completions HTTP/1.1\r\nhost: a\r\n\r\n", 405, "method_not_allowed"),
        ("POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\n{", 400, "invalid_json"),
        (
            "POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-length: 26\r\n\r\n{\"model\":\"x\",\"prompt\":\"a\"}",
            404,
            "model_not_found"
        ),
        ("POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-length: 9000\r\n\r\n", 413, "body_too_large"),
        (
            "POST /v1/completions HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1001\r\n"
                + String(repeating: "a", count: 0x1001), 413, "body_too_large"
        ),
    ])
    func request_wrong_getsAnErrorOfOpenAIsShape(request: String, status: Int, code: String) async throws {
        var options = EmulatorOptions.fast
        options.limits.bodyBytes = 4096
        try await serve(options) { server in
            let client = try await HTTPClient(port: server.port)
            try await client.send(request)
            let answer = try await client.wait { $0.hasSuffix("}}") }
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            let body = Data(try #require(answer.split(separator: "\r\n\r\n").last).utf8)
            let object = try #require(try JSONSerialization.jsonObject(with: body) as? [String: [String: Any]])
            let error = try #require(object["error"])
            #expect(error["code"] as? String == code)
            #expect(error["message"] is String)
            #expect(error["type"] as? String == "invalid_request_error")
            #expect(error["param"] != nil)
        }
    }

    @Test func expectContinue_isAnsweredBeforeTheBody() async throws {
        try await serve { server in
            let client = try await HTTPClient(port: server.port)
            try await client.send(
                "POST /v1/completions HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 14\r\n\r\n")
            _ = try await client.wait { $0.contains("100 Continue\r\n\r\n") }
            try await client.send(#"{"prompt":"a"}"#)
            _ = try await client.wait { $0.contains("200 OK") }
        }
    }

    @Test func health_whileLoading_is503() async throws {
        var options = EmulatorOptions.fast
        options.loadDelay = .seconds(3600)
        try await serve(options) { server in
            for request in ["GET /health", "GET /v1/models"] {
                let client = try await HTTPClient(port: server.port)
                try await client.send("\(request) HTTP/1.1\r\nhost: a\r\n\r\n")
                let answer = try await client.wait { $0.hasSuffix("}}") }
                #expect(answer.hasPrefix("HTTP/1.1 503 "))
                #expect(answer.contains("retry-after: 1\r\n"))
                #expect(answer.contains(#""code":"loading""#))
            }
        }
    }

    @Test func client_thatGoes_leavesTheBatch() async throws {
        try await serve(.endless) { server in
            let client = try await HTTPClient(port: server.port)
            try await client.post("/v1/completions", #"{"prompt":"a","stream":true,"max_tokens":100000}"#)
            _ = try await client.wait { $0.contains("\"text\"") }
            #expect(try await metric("num_requests_running", port: server.port) == 1)
            try await client.close()
            try await until("the batch to be empty") {
                try await metric("num_requests_running", port: server.port) == 0
            }
        }
    }

    @Test func client_thatGoesBeforeTheFirstByte_leavesTheBatch() async throws {
        try await serve(.endless) { server in
            let client = try await HTTPClient(port: server.port)
            try await client.post("/v1/completions", #"{"prompt":"a","max_tokens":100000}"#)
            try await until("the request to run") {
                try await metric("num_requests_running", port: server.port) == 1
            }
            try await client.close()
            try await until("the batch to be empty") {
                try await metric("num_requests_running", port: server.port) == 0
            }
        }
    }

    @Test func drain_withAStream_endsItWholeAndTakesNoOther() async throws {
        var options = EmulatorOptions.endless
        options.speed = 10
        let server = try await EngineServer.start(options)
        let idle = try await HTTPClient(port: server.port)
        try await idle.get("/health")
        _ = try await idle.wait { $0.contains("200 OK") }
        let client = try await HTTPClient(port: server.port)
        try await client.post("/v1/completions", #"{"prompt":"a","stream":true,"max_tokens":100}"#)
        _ = try await client.wait { $0.contains("\"text\"") }
        try await server.drain()
        try await client.waitForClose()
        #expect(client.text.hasSuffix("data: [DONE]\n\n\r\n0\r\n\r\n"))
        try await idle.waitForClose()
        await #expect(throws: (any Error).self) { try await HTTPClient(port: server.port) }
    }

    @Test func hang_noAnswerComesAny_more() async throws {
        var options = EmulatorOptions.fast
        options.faults.hangAfter = 0
        try await serve(options) { server in
            let client = try await HTTPClient(port: server.port)
            try await client.post("/v1/completions", #"{"prompt":"a"}"#)
            let health = try await HTTPClient(port: server.port)
            try await health.get("/health")
            try await Task.sleep(for: .milliseconds(50))
            #expect(client.text + health.text == "")
            #expect(!client.isClosed)
        }
    }

    @Test func crash_isToldToTheProcess() async throws {
        var options = EmulatorOptions.fast
        options.faults.crashAfter = 0
        let crashes = Mutex(0)
        let server = try await EngineServer.start(options) { crashes.withLock { $0 += 1 } }
        let client = try await HTTPClient(port: server.port)
        try await client.post("/v1/completions", #"{"prompt":"a"}"#)
        try await until("the crash") { crashes.withLock { $0 } == 1 }
        try await server.close()
    }

    @Test func stream_slowReader_isHeldInCountsNotInMemory() throws {
        let call = try EngineCallReader(modelName: "m").completion(Data(#"{"prompt":"a","stream":true}"#.utf8))
        var progress = AnswerProgress(EngineAnswer(call, number: 1, created: 0, modelName: "m"))
        progress.madeCount = 3
        #expect(progress.takeText().split(separator: "data:").count == 3)
        #expect(progress.takeText() == "")
        progress.madeCount = 5
        #expect(progress.takeText().split(separator: "data:").count == 2)
    }
}

extension EmulatorOptions {
    /// A thousand times faster than the round profile.
    static var fast: EmulatorOptions {
        var options = EmulatorOptions.round()
        options.speed = 1000
        return options
    }

    /// So slow that 100,000 tokens do not end within a test.
    static var endless: EmulatorOptions { .round(kvTokens: 1_000_000) }
}
