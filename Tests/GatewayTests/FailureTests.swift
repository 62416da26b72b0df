import Configuration
import Link
import Synchronization
import Testing

/// Replicas that fail, and clients that go.
struct FailureTests {
    @Test func clientGone_whileStreaming_cancelsAtTheReplica() async throws {
        let upstream = try await StubUpstream.start { _, reply in
            reply.beginStream()
            reply.event("a")
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await client.waits(for: "data: a"))
        #expect(gateway.sample()?.runningRequests == 1)
        try await client.close()
        #expect(await becomesTrue { upstream.connectionCount == 0 })
        #expect(await gateway.isSettled())
        let sample = try #require(gateway.sample())
        #expect(sample.finishedRequests == 0 && sample.failedRequests == 0)
        await gateway.stop()
    }

    @Test func clientGone_beforeTheAnswer_cancelsAtTheReplica() async throws {
        let upstream = try await StubUpstream.start { _, _ in }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await becomesTrue { upstream.requests.count == 1 })
        try await client.close()
        #expect(await becomesTrue { upstream.connectionCount == 0 })
        #expect(await gateway.isSettled())
        await gateway.stop()
    }

    @Test func clientGone_whileWaiting_leavesTheQueue() async throws {
        let gateway = try await GatewayFixture.start()
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await gateway.sampleBecomes { $0.queuedRequests == 1 })
        try await client.close()
        #expect(await gateway.isSettled())
        await gateway.stop()
    }

    @Test func streamCut_afterItsFirstByte_cutsTheClientAndIsCounted() async throws {
        let upstream = try await StubUpstream.start { _, reply in
            reply.beginStream()
            reply.event("a")
            reply.close()
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await client.waitsForClose())
        #expect(client.text.contains("data: a") && !client.text.contains("0\r\n\r\n"))
        #expect(await gateway.isSettled())
        #expect(gateway.sample()?.failedRequests == 1)
        #expect(upstream.requests.count == 1)
        await gateway.stop()
    }

    @Test(arguments: ["close", "503", "head only", "nonsense"])
    func failure_beforeTheFirstByte_goesToAnotherReplica(kind: String) async throws {
        let bad = try await StubUpstream.start { _, reply in
            switch kind {
            case "503": reply.answer("no", status: "503 Service Unavailable")
            case "head only":
                reply.beginStream()
                reply.close()
            case "nonsense": reply.write("this is no HTTP\r\n\r\n")
            default: reply.close()
            }
        }
        let good = try await StubUpstream.start { _, reply in reply.answer("good") }
        let gateway = try await GatewayFixture.start(upstreams: [bad.port, good.port])
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await client.waits(for: "HTTP/1.1 200 OK", "good"))
        #expect(bad.requests.count == 1 && good.requests.count == 1)
        #expect(await gateway.isSettled())
        #expect(gateway.sample()?.finishedRequests == 1)
        await gateway.stop()
    }

    @Test func refusedConnection_goesToAnotherReplica() async throws {
        let dead = try await StubUpstream.start { _, _ in }
        try await dead.kill()
        let good = try await StubUpstream.start { _, reply in reply.answer("good") }
        let gateway = try await GatewayFixture.start(upstreams: [dead.port, good.port])
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await client.waits(for: "HTTP/1.1 200 OK", "good"))
        await gateway.stop()
    }

    @Test func failure_everywhere_isToldAfterTheRetries() async throws {
        let upstreams = try await [503, 503, 503, 503].asyncMap { _ in
            try await StubUpstream.start { _, reply in reply.answer("busy", status: "503 Service Unavailable") }
        }
        let gateway = try await GatewayFixture.start(upstreams: upstreams.map(\.port))
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await client.waits(for: "HTTP/1.1 503", "busy"))
        // One try and two retries, each on another replica.
        #expect(upstreams.map(\.requests.count).sorted() == [0, 1, 1, 1])
        #expect(await gateway.isSettled())
        #expect(gateway.sample()?.failedRequests == 1)
        await gateway.stop()
    }

    @Test func staleConnection_isReplacedWithoutAFailure() async throws {
        let replies = Mutex<[StubReply]>([])
        let upstream = try await StubUpstream.start { request, reply in
            if request.path == "/second", replies.withLock({ $0.count }) == 1 {
                replies.withLock { $0.append(reply) }
                // The connection was closed while the request was on its way.
                return reply.close()
            }
            replies.withLock { $0.append(reply) }
            reply.answer("fine")
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port]) {
            $0.workloads[0].routing.retryLimit = 0
        }
        let client = try await gateway.client()
        client.post(smallBody, path: "/first")
        #expect(await client.waits(for: "fine"))
        client.post(smallBody, path: "/second")
        #expect(await becomesTrue { upstream.requests.count == 3 })
        #expect(await gateway.sampleBecomes { $0.finishedRequests == 2 })
        #expect(!client.text.contains("502"))
        await gateway.stop()
    }

    @Test func failuresInARow_ejectUntilOneProbeSucceeds() async throws {
        let isWell = Mutex(false)
        let held = Mutex<[StubReply]>([])
        let bad = try await StubUpstream.start { request, reply in
            guard isWell.withLock({ $0 }) else { return reply.close() }
            held.withLock { $0.append(reply) }
        }
        let good = try await StubUpstream.start { _, reply in reply.answer("good") }
        let gateway = try await GatewayFixture.start(upstreams: [bad.port, good.port]) {
            $0.workloads[0].routing.ejectionTime = .milliseconds(300)
            $0.workloads[0].routing.choice = .roundRobin
        }
        let client = try await gateway.client()
        for count in 1...6 {
            client.post(smallBody)
            #expect(await becomesTrue { good.requests.count == count })
            #expect(await gateway.isSettled())
        }
        #expect(bad.requests.count == 3)
        #expect(gateway.sent.contains(.ejected(workload: "small", replica: 1, reason: "upstream-failed")))
        isWell.withLock { $0 = true }
        #expect(await gateway.sampleBecomes { $0.replicas.first?.isReady == true })
        let clients = try await (0..<8).map { $0 }.asyncMap { _ in try await gateway.client() }
        for client in clients { client.post(smallBody) }
        #expect(await becomesTrue { held.withLock { $0.count } == 1 && good.requests.count == 13 })
        // The probe is out: the replica gets nothing else until it is answered.
        #expect(gateway.sample()?.replicas.first?.isReady == false)
        for reply in held.withLock({ $0 }) { reply.answer("well again") }
        #expect(await gateway.sampleBecomes { $0.replicas.first?.isReady == true })
        await gateway.stop()
    }

    @Test func onlyReplica_ejected_isStillTried() async throws {
        let isWell = Mutex(false)
        let upstream = try await StubUpstream.start { _, reply in
            if isWell.withLock({ $0 }) { reply.answer("well") } else { reply.close() }
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port]) {
            $0.workloads[0].routing.ejectAfterFailures = 1
            $0.workloads[0].routing.ejectionTime = .seconds(600)
            $0.workloads[0].routing.retryLimit = 0
        }
        let first = try await gateway.client()
        first.post(smallBody)
        #expect(await first.waits(for: "HTTP/1.1 502", "x-tideway-reason: upstream-failed"))
        isWell.withLock { $0 = true }
        let second = try await gateway.client()
        second.post(smallBody)
        #expect(await second.waits(for: "HTTP/1.1 200", "well"))
        await gateway.stop()
    }

    @Test func deadlines_ofTheAnswer_endIt() async throws {
        let upstream = try await StubUpstream.start { request, reply in
            if request.path == "/stalls" {
                reply.beginStream()
                reply.event("a")
            }
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port]) {
            $0.gateway.firstByteDeadline = .milliseconds(200)
            $0.gateway.progressDeadline = .milliseconds(200)
        }
        let silent = try await gateway.client()
        silent.post(smallBody)
        #expect(await silent.waits(for: "HTTP/1.1 504", "x-tideway-reason: first-byte-deadline"))
        let stalled = try await gateway.client()
        stalled.post(smallBody, path: "/stalls")
        #expect(await stalled.waits(for: "data: a"))
        #expect(await stalled.waitsForClose())
        #expect(await gateway.isSettled())
        #expect(gateway.sample()?.failedRequests == 2)
        await gateway.stop()
    }
}

extension Sequence {
    /// As `map`, one after the other.
    func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
