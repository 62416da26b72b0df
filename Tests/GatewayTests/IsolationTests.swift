import Configuration
import Link
import Synchronization
import Testing

/// What goes wrong with one request is no other's matter.
struct IsolationTests {
    /// Beside a stream that is under way and a request that waits: a bad key, a body that is too large, a client that does not
    /// read, a replica that is dead, a full queue. Each gets its status; the two others get their answers.
    @Test func mistakesOfOthers_besideAStreamAndAWaitingRequest_costThemNothing() async throws {
        let streams = Mutex<[StubReply]>([])
        let upstream = try await StubUpstream.start { request, reply in
            switch request.path {
            case "/large":
                reply.write(
                    "HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n" + String(repeating: "x", count: 1 << 20))
            case "/dead": reply.close()
            default:
                reply.beginStream()
                reply.event("begun")
                streams.withLock { $0.append(reply) }
            }
        }
        let gateway = try await GatewayFixture.start(
            upstreams: [upstream.port], maxBatch: 3, environment: ["KEYS": "k=t"]
        ) {
            $0.gateway.apiKeysVariable = "KEYS"
            $0.gateway.bodyByteLimit = 1000
            $0.gateway.progressDeadline = .seconds(4)
            $0.workloads[0].queue.requestLimit = 1
            $0.workloads[0].routing.retryLimit = 0
        }
        let key = "authorization: Bearer k\r\n"
        let streaming = try await gateway.client()
        streaming.post(smallBody, headers: key)
        #expect(await streaming.waits(for: "data: begun"))

        let stranger = try await gateway.client()
        stranger.post(smallBody, headers: "authorization: Bearer x\r\n")
        #expect(await stranger.waits(for: "HTTP/1.1 401 ", "x-tideway-reason: unknown-api-key"))
        let large = try await gateway.client()
        large.post(String(repeating: "x", count: 1001), headers: key)
        #expect(await large.waits(for: "HTTP/1.1 413 ", "x-tideway-reason: body-too-large"))
        let unlucky = try await gateway.client()
        unlucky.post(smallBody, path: "/dead", headers: key)
        #expect(await unlucky.waits(for: "HTTP/1.1 502 ", "x-tideway-reason: upstream-failed"))

        // A client that never reads and a second stream fill the replica; the next request waits, the one behind it may not.
        let sleeping = try await RawClient.connect(port: gateway.port, readsAtOnce: false)
        sleeping.post(smallBody, path: "/large", headers: key)
        let second = try await gateway.client()
        second.post(smallBody, headers: key)
        #expect(await second.waits(for: "data: begun"))
        let waiting = try await gateway.client()
        waiting.post(smallBody, headers: key)
        #expect(await gateway.sampleBecomes { $0.queuedRequests == 1 && $0.runningRequests == 3 })
        let refused = try await gateway.client()
        refused.post(smallBody, headers: key)
        #expect(await refused.waits(for: "HTTP/1.1 429 ", "x-tideway-reason: queue-full"))

        // The sleeping client is cut when it has made no progress, and its place goes to the one that waits.
        for _ in 0..<80 where streams.withLock({ $0.count }) < 3 {
            for reply in streams.withLock({ $0 }) { reply.event("more") }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(await waiting.waits(for: "data: begun"))
        for reply in streams.withLock({ $0 }) {
            reply.event("last")
            reply.endStream()
        }
        for client in [streaming, second, waiting] { #expect(await client.waits(for: "data: last", "0\r\n\r\n")) }
        #expect(await gateway.isSettled())
        #expect(gateway.sample()?.finishedRequests == 3)
        try? await sleeping.close()
        await gateway.stop()
    }
}
