import Foundation
import NIOHTTP1
import Testing

@testable import Load

struct RequestTests {
    private func requests(_ path: String, change: (inout LoadPlan) -> Void = { _ in }) async throws -> [StubRequest] {
        let server = try await StubServer.start { _ in .tokens(3) }
        var plan = try plan(server, ["a \"model\"": trace([0, 0.001], promptTokens: 20, outputTokens: 7)], path: path)
        change(&plan)
        _ = try await LoadRun(plan).run()
        return server.requests
    }

    private func members(_ request: StubRequest) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(request.body.utf8))
        return try #require(object as? [String: Any])
    }

    @Test func completion_body_asksForTheTracesLengths() async throws {
        let requests = try await requests("/v1/completions") { $0.apiKey = "secret" }
        let body = try members(requests[0])
        #expect(body["model"] as? String == "a \"model\"")
        #expect((body["prompt"] as? String)?.utf8.count == 80)
        #expect(body["max_tokens"] as? Int == 7)
        #expect(body["ignore_eos"] as? Bool == true)
        #expect(body["stream"] as? Bool == true)
        let headers = requests[0].head.headers
        #expect(headers["x-tideway-prompt-tokens"] == ["20"])
        #expect(headers["authorization"] == ["Bearer secret"])
        #expect(headers["content-length"] == ["\(requests[0].body.utf8.count)"])
    }

    @Test func completion_bodies_haveDifferentPrompts() async throws {
        let prompts = try await requests("/v1/completions").map { try members($0)["prompt"] as? String }
        #expect(prompts.count == 2)
        #expect(prompts[0] != prompts[1])
    }

    @Test func chat_body_hasOneMessage() async throws {
        let body = try members(try await requests("/v1/chat/completions")[0])
        let messages = try #require(body["messages"] as? [[String: Any]])
        #expect(messages.count == 1)
        #expect((messages[0]["content"] as? String)?.utf8.count == 80)
    }

    @Test func embedding_body_hasInputAndNoStream() async throws {
        let body = try members(try await requests("/v1/embeddings") { $0.bytesPerToken = 2 }[0])
        #expect((body["input"] as? String)?.utf8.count == 40)
        #expect(body["stream"] == nil)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080", "/v1/completions", "127.0.0.1", 8080, "/v1/completions"),
        ("http://host/v1/", "/v1/completions", "host", 80, "/v1/completions"),
        ("http://host:81/models/a", "/v1/chat/completions", "host", 81, "/models/a/v1/chat/completions"),
        ("http://[::1]:9", "/x", "::1", 9, "/x"),
    ])
    func target_url_isTakenApart(url: String, path: String, host: String, port: Int, whole: String) throws {
        let target = try LoadTarget(url: url, path: path)
        #expect((target.host, target.port, target.path) == (host, port, whole))
    }

    @Test(arguments: [("127.0.0.1:8080", "/x"), ("https://host", "/x"), ("http://host", "x"), ("http://host", "/a b")])
    func target_wrongURL_throws(url: String, path: String) {
        let error = #expect(throws: LoadError.self) { try LoadTarget(url: url, path: path) }
        #expect(error?.code == .invalidURL)
    }
}
