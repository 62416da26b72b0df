import Configuration
import Link
import NIOCore
import Testing

/// Requests that go through.
struct ForwardingTests {
    @Test func request_toAReplica_isAnsweredAndCounted() async throws {
        let upstream = try await StubUpstream.start { _, reply in
            reply.answer(#"{"usage":{"prompt_tokens":21,"completion_tokens":3}}"#)
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await client.waits(for: "HTTP/1.1 200 OK", "x-request-id: ", #""completion_tokens":3}}"#))
        #expect(await gateway.isSettled())
        let sample = try #require(gateway.sample())
        #expect(sample.arrivedRequests == 1)
        #expect(sample.finishedRequests == 1)
        #expect(sample.finishedPromptTokens == 21)
        #expect(sample.finishedOutputTokens == 3)
        #expect(sample.goodRequests == 1)
        #expect(sample.failedRequests == 0 && sample.refusedRequests == 0)
        let request = try #require(upstream.requests.first)
        #expect(request.body == smallBody)
        #expect(request.value("x-forwarded-for") == "127.0.0.1")
        #expect(request.value("x-request-id") != nil)
        await gateway.stop()
    }

    // No output tokens at all would mean no work, and a fleet for nobody.
    @Test func answer_thatSaysNothingOfTokens_countsAsTheExpectedOne() async throws {
        let upstream = try await StubUpstream.start { _, reply in reply.answer(#"{"predictions":[[1]]}"#) }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port]) {
            $0.workloads[0].expectedShape = .service(outputTokens: 2)
        }
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await client.waits(for: "predictions"))
        #expect(await gateway.isSettled())
        #expect(try #require(gateway.sample()).finishedOutputTokens == 2)
        await gateway.stop()
    }

    @Test func headers_thatEndAtAConnection_areNotPassedOn() async throws {
        let upstream = try await StubUpstream.start { _, reply in
            reply.answer(
                "{}", headers: "Connection: X-Private\r\nX-Private: 1\r\nX-Kept: 2\r\nKeep-Alive: timeout=5\r\n")
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.post(
            smallBody,
            headers: """
                Connection: keep-alive, X-Secret\r
                X-Secret: 1\r
                X-Kept: 3\r
                TE: trailers\r
                Upgrade: h2c\r
                x-request-id: mine\r
                x-forwarded-for: 10.0.0.1\r

                """)
        #expect(await client.waits(for: "{}"))
        #expect(client.text.contains("X-Kept: 2") && client.text.contains("x-request-id: mine"))
        #expect(!client.text.contains("X-Private") && !client.text.lowercased().contains("keep-alive"))
        let request = try #require(upstream.requests.first)
        #expect(request.value("x-kept") == "3")
        #expect(request.value("x-secret") == nil && request.value("te") == nil && request.value("upgrade") == nil)
        #expect(request.value("connection") == nil)
        #expect(request.value("x-request-id") == "mine")
        #expect(request.value("x-forwarded-for") == "10.0.0.1, 127.0.0.1")
        await gateway.stop()
    }

    @Test func stream_ofEvents_passesWithItsFramingAndIsCounted() async throws {
        let upstream = try await StubUpstream.start { _, reply in
            reply.beginStream()
            for word in ["a", "b", "c"] { reply.event(word) }
            reply.event("[DONE]")
            reply.endStream()
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await client.waits(for: "data: a\n\n", "data: c\n\n", "data: [DONE]", "0\r\n\r\n"))
        #expect(await gateway.isSettled())
        let sample = try #require(gateway.sample())
        #expect(sample.finishedOutputTokens == 3)
        #expect(sample.goodRequests == 1)
        await gateway.stop()
    }

    @Test func connection_bothSides_areUsedAgain() async throws {
        let upstream = try await StubUpstream.start { _, reply in reply.answer("{}") }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        for count in 1...5 {
            client.post(smallBody)
            #expect(await becomesTrue { upstream.requests.count == count && client.text.hasSuffix("{}") })
            #expect(await gateway.isSettled())
        }
        #expect(upstream.acceptedCount == 1)
        await gateway.stop()
    }

    @Test func answer_thatEndsItsConnection_arrivesWhole() async throws {
        let upstream = try await StubUpstream.start { _, reply in
            reply.answer("the end", headers: "connection: close\r\n")
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        for count in 1...3 {
            client.post(smallBody)
            #expect(await becomesTrue { client.text.matches(of: /the end/).count == count })
        }
        #expect(upstream.acceptedCount == 3)
        #expect(!client.text.contains("connection: close"))
        await gateway.stop()
    }

    @Test func pipelinedRequests_inOneWrite_areAnsweredInOrder() async throws {
        let upstream = try await StubUpstream.start { request, reply in reply.answer(request.path) }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.send((1...20).map { "GET /n/\($0). HTTP/1.1\r\nhost: test\r\n\r\n" }.joined())
        #expect(await client.waits(for: "/n/20."))
        let answers = client.text.matches(of: /\/n\/(\d+)\./).compactMap { Int($0.output.1) }
        #expect(answers == Array(1...20))
        await gateway.stop()
    }

    @Test func answer_untilTheConnectionEnds_becomesChunks() async throws {
        let upstream = try await StubUpstream.start { _, reply in
            reply.write("HTTP/1.1 200 OK\r\n\r\nall of it")
            reply.close()
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await client.waits(for: "transfer-encoding: chunked", "9\r\nall of it\r\n", "0\r\n\r\n"))
        #expect(await gateway.isSettled())
        #expect(gateway.sample()?.finishedRequests == 1)
        await gateway.stop()
    }

    @Test func oldClient_getsNoChunks() async throws {
        let upstream = try await StubUpstream.start { _, reply in
            reply.beginStream()
            reply.event("a")
            reply.endStream()
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.send("POST /x HTTP/1.0\r\ncontent-length: 2\r\n\r\n{}")
        #expect(await client.waitsForClose())
        #expect(client.text.hasSuffix("\r\n\r\ndata: a\n\n"))
        #expect(client.text.contains("connection: close"))
        await gateway.stop()
    }

    @Test(arguments: ["HEAD /x", "GET /none", "GET /same"])
    func answers_withoutBody_keepTheConnectionInStep(line: String) async throws {
        let upstream = try await StubUpstream.start { request, reply in
            switch request.path {
            case "/x": reply.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
            case "/none": reply.write("HTTP/1.1 204 No Content\r\n\r\n")
            case "/same": reply.write("HTTP/1.1 304 Not Modified\r\ncontent-length: 7\r\n\r\n")
            default: reply.answer("next")
            }
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.send("\(line) HTTP/1.1\r\nhost: test\r\n\r\nGET /after HTTP/1.1\r\nhost: test\r\n\r\n")
        #expect(await client.waits(for: "\r\n\r\nnext"))
        #expect(upstream.acceptedCount == 1)
        await gateway.stop()
    }

    @Test func body_inChunks_arrivesWithALength() async throws {
        let upstream = try await StubUpstream.start { request, reply in reply.answer(request.body) }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.send("POST /x HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n4;a=b\r\n{\"a\"\r\n")
        client.send("3\r\n:1}\r\n0\r\ntrailer: x\r\n\r\n")
        #expect(await client.waits(for: #"{"a":1}"#))
        #expect(upstream.requests.first?.value("content-length") == "7")
        #expect(upstream.requests.first?.value("transfer-encoding") == nil)
        await gateway.stop()
    }

    @Test func expectation_beforeTheBody_isMet() async throws {
        let upstream = try await StubUpstream.start { request, reply in reply.answer(request.body) }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.send("POST /x HTTP/1.1\r\nhost: test\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
        #expect(await client.waits(for: "HTTP/1.1 100 Continue\r\n\r\n"))
        client.send("{}")
        #expect(await client.waits(for: "HTTP/1.1 200 OK"))
        #expect(upstream.requests.first?.value("expect") == nil)
        await gateway.stop()
    }

    @Test func interimAnswers_areNotTheAnswer() async throws {
        let upstream = try await StubUpstream.start { _, reply in
            reply.write("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n")
            reply.answer("final")
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await client.waits(for: "final"))
        #expect(!client.text.contains("103"))
        await gateway.stop()
    }

    /// 4 MB that a client does not read: the gateway stops reading the replica long before it holds them all.
    @Test func slowClient_stopsTheReplica() async throws {
        let chunk = String(repeating: "x", count: 1 << 16)
        let total = 1024 * chunk.utf8.count
        let written = Counter()
        let upstream = try await StubUpstream.start { _, reply in
            reply.write("HTTP/1.1 200 OK\r\ncontent-length: \(total)\r\n\r\n")
            @Sendable func next(_ left: Int) {
                guard left > 0 else { return }
                reply.channel.writeAndFlush(ByteBufferText(chunk).buffer).whenSuccess {
                    written.add(chunk.utf8.count)
                    next(left - 1)
                }
            }
            next(1024)
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await RawClient.connect(port: gateway.port, readsAtOnce: false)
        client.post(smallBody)
        #expect(await becomesTrue { written.value > 0 })
        var last = -1
        while last != written.value {
            last = written.value
            try await Task.sleep(for: .milliseconds(300))
        }
        // What the systems' socket buffers hold; the rest is not written.
        #expect(last < total / 2)
        try await client.beginReading()
        #expect(await becomesTrue { client.byteCount >= total })
        #expect(await gateway.isSettled())
        #expect(gateway.sample()?.finishedRequests == 1)
        await gateway.stop()
    }
}
