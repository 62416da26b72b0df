import Configuration
import Fleet
import Gateway
import Link
import Testing

/// Requests that the gateway answers itself.
struct RefusalTests {
    static let malformed: [(text: String, status: Int, reason: String)] = [
        (
            "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n", 400,
            "ambiguous-length"
        ),
        ("GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\n", 400, "ambiguous-length"),
        ("GET / HTTP/1.1\r\nhost: a\r\ncontent-length: +1\r\n\r\n", 400, "bad-request"),
        ("GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1, 1\r\n\r\n", 400, "bad-request"),
        ("GET / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n", 501, "unknown-transfer-encoding"),
        ("GET / HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n", 400, "ambiguous-length"),
        ("GET / HTTP/1.1\r\nhost: a\r\nx: 1\r\n folded\r\n\r\n", 400, "bad-request"),
        ("GET / HTTP/1.1\r\nhost: a\r\nx : 1\r\n\r\n", 400, "bad-request"),
        ("GET / HTTP/1.1\r\nhost: a\nx: 1\r\n\r\n", 400, "bad-request"),
        ("GET / HTTP/1.1\r\nx: 1\r\n\r\n", 400, "bad-request"),
        ("GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400, "bad-request"),
        ("GET  / HTTP/1.1\r\nhost: a\r\n\r\n", 400, "bad-request"),
        ("GET / HTTP/2.0\r\nhost: a\r\n\r\n", 505, "unknown-http-version"),
        ("CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n", 501, "upgrade-refused"),
        ("GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n", 501, "upgrade-refused"),
        ("GET / HTTP/1.1\r\nhost: a\r\nexpect: miracles\r\n\r\n", 417, "unknown-expectation"),
        ("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n", 400, "bad-request"),
        ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99999\r\n\r\n", 413, "body-too-large"),
        ("GET / HTTP/1.1\r\nhost: a\r\nx: \(String(repeating: "y", count: 5000))\r\n\r\n", 431, "header-too-large"),
    ]

    @Test(arguments: malformed)
    func request_thatIsNotSafe_isRefusedAndNeverForwarded(
        text: String, status: Int, reason: String
    ) async throws {
        let upstream = try await StubUpstream.start { _, reply in reply.answer("{}") }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port]) {
            $0.gateway.bodyByteLimit = 1000
            $0.gateway.headerByteLimit = 4096
        }
        let client = try await gateway.client()
        client.send(text)
        #expect(await client.waits(for: "HTTP/1.1 \(status) ", "x-tideway-reason: \(reason)\r\n"))
        #expect(await client.waitsForClose())
        #expect(upstream.requests.isEmpty)
        await gateway.stop()
    }

    @Test func bodyInChunks_beyondTheLimit_isRefused() async throws {
        let gateway = try await GatewayFixture.start { $0.gateway.bodyByteLimit = 1000 }
        let client = try await gateway.client()
        client.send("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n")
        client.send("7d0\r\n" + String(repeating: "x", count: 1500))
        #expect(await client.waits(for: "HTTP/1.1 413 ", "x-tideway-reason: body-too-large"))
        await gateway.stop()
    }

    @Test(arguments: ["POST / HT", "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n12"])
    func slowUpload_pastTheDeadline_isRefused(start: String) async throws {
        let gateway = try await GatewayFixture.start { $0.gateway.receiveDeadline = .milliseconds(200) }
        let client = try await gateway.client()
        client.send(start)
        #expect(await client.waits(for: "HTTP/1.1 408 ", "x-tideway-reason: receive-deadline"))
        #expect(await client.waitsForClose())
        await gateway.stop()
    }

    @Test func queue_full_refusesTheNext() async throws {
        let gateway = try await GatewayFixture.start { $0.workloads[0].queue.requestLimit = 2 }
        let waiting = try await [1, 2].asyncMap { _ in try await gateway.client() }
        for client in waiting { client.post(smallBody) }
        #expect(await gateway.sampleBecomes { $0.queuedRequests == 2 })
        let next = try await gateway.client()
        next.post(smallBody)
        #expect(await next.waits(for: "HTTP/1.1 429 ", "retry-after: 1", "x-tideway-reason: queue-full"))
        let upstream = try await StubUpstream.start { _, reply in reply.answer("late") }
        gateway.setFleet([upstream.port])
        for client in waiting { #expect(await client.waits(for: "late")) }
        #expect(await gateway.isSettled())
        #expect(gateway.sample()?.refusedRequests == 1 && gateway.sample()?.finishedRequests == 2)
        await gateway.stop()
    }

    @Test func queue_fullOfBytes_refusesTheNext() async throws {
        let gateway = try await GatewayFixture.start { $0.workloads[0].queue.byteLimit = 100 }
        let first = try await gateway.client()
        first.post(smallBody)
        #expect(await gateway.sampleBecomes { $0.queuedRequests == 1 })
        let next = try await gateway.client()
        next.post(smallBody)
        #expect(await next.waits(for: "HTTP/1.1 429 ", "x-tideway-reason: queue-bytes-full"))
        #expect(gateway.sample()?.queuedRequests == 1)
        await gateway.stop()
    }

    @Test func queue_pastTheDeadline_refuses() async throws {
        let gateway = try await GatewayFixture.start { $0.workloads[0].queue.deadline = .milliseconds(200) }
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await client.waits(for: "HTTP/1.1 503 ", "retry-after: 2", "x-tideway-reason: queue-deadline"))
        #expect(await gateway.isSettled())
        #expect(gateway.sample()?.refusedRequests == 1)
        await gateway.stop()
    }

    @Test func keys_unknownOrMissing_areRefused() async throws {
        let upstream = try await StubUpstream.start { _, reply in reply.answer("open") }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port], environment: ["KEYS": "k1==a, k2=b"]) {
            $0.gateway.apiKeysVariable = "KEYS"
        }
        let without = try await gateway.client()
        without.post(smallBody)
        #expect(await without.waits(for: "HTTP/1.1 401 ", "x-tideway-reason: missing-api-key"))
        for key in ["k2x", "k", "", "k1"] {
            let client = try await gateway.client()
            client.post(smallBody, headers: "authorization: Bearer \(key)\r\n")
            #expect(await client.waits(for: "HTTP/1.1 401 "), "\(key)")
        }
        for key in ["k1=", "k2"] {
            let client = try await gateway.client()
            client.post(smallBody, headers: "Authorization: bearer \(key)\r\n")
            #expect(await client.waits(for: "HTTP/1.1 200 OK", "open"))
        }
        #expect(upstream.requests.allSatisfy { $0.value("authorization") == nil })
        #expect(upstream.requests.count == 2)
        await gateway.stop()
    }

    @Test func connections_beyondTheLimit_areRefusedUntilOneGoes() async throws {
        let gateway = try await GatewayFixture.start { $0.gateway.connectionLimit = 1 }
        let first = try await gateway.client()
        first.send("GET /tideway/health HTTP/1.1\r\nhost: a\r\n\r\n")
        #expect(await first.waits(for: "ready"))
        let second = try await gateway.client()
        #expect(await second.waits(for: "HTTP/1.1 503 ", "x-tideway-reason: too-many-connections"))
        #expect(await second.waitsForClose())
        #expect(await gateway.refusesNoMore(after: first))
        await gateway.stop()
    }

    @Test func model_unknown_isToldWithThoseThatAreKnown() async throws {
        let gateway = try await GatewayFixture.start { $0.workloads[0].modelNames = ["org/small-7b"] }
        let client = try await gateway.client()
        client.post(#"{"model":"large"}"#)
        #expect(
            await client.waits(for: "HTTP/1.1 404 ", #""code":"model_not_found""#, "Known models: org/small-7b, small.")
        )
        #expect(!client.isClosed)
        await gateway.stop()
    }

    @Test func models_areListed() async throws {
        let gateway = try await GatewayFixture.start {
            $0.workloads.append(WorkloadSettings(id: WorkloadID("large")))
        }
        let client = try await gateway.client()
        client.send("GET /v1/models HTTP/1.1\r\nhost: a\r\n\r\n")
        #expect(await client.waits(for: #""object":"list""#, #""id":"large""#, #""id":"small""#))
        client.send("GET /tideway/health HTTP/1.1\r\nhost: a\r\n\r\n")
        #expect(await client.waits(for: #"{"status":"ready"}"#))
        client.send("GET /tideway/metrics HTTP/1.1\r\nhost: a\r\n\r\n")
        #expect(await client.waits(for: #"tideway_requests_queued{workload="small"} 0"#, "tideway_connections 1"))
        await gateway.stop()
    }

    @Test func workload_isFoundByPathThenHeaderThenModel() async throws {
        let small = try await StubUpstream.start { _, reply in reply.answer("from small") }
        let large = try await StubUpstream.start { _, reply in reply.answer("from large") }
        let gateway = try await GatewayFixture.start(upstreams: [small.port]) {
            var settings = WorkloadSettings(id: WorkloadID("large"))
            settings.pathPrefix = "/tf"
            $0.workloads.append(settings)
        }
        gateway.server.receive(
            .fleet(
                FleetUpdate(
                    workload: "large",
                    replicas: [ReplicaAddress(number: 7, host: "127.0.0.1", port: large.port)])))
        for (path, header, body, answer) in [
            ("/tf/x", "", #"{"model":"small"}"#, "from large"), ("/tf", "", "", "from large"),
            ("/a", "x-tideway-workload: large\r\n", #"{"model":"small"}"#, "from large"),
            ("/a", "", #"{"model":"small"}"#, "from small"), ("/tfx", "", #"{"model":"large"}"#, "from large"),
            ("/tfx", "", "{}", "unknown-route"), ("/v1/x", "", "{}", "missing-model"),
        ] {
            let client = try await gateway.client()
            client.post(body, path: path, headers: header)
            #expect(await client.waits(for: answer), "\(path) \(header) \(body)")
        }
        await gateway.stop()
    }
}
