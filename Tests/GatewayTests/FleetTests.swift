import Configuration
import Gateway
import Link
import Synchronization
import Testing

/// Replicas that come, drain and go under traffic.
struct FleetTests {
    @Test func request_withoutReplicas_isToldAtOnceAndHeld() async throws {
        let gateway = try await GatewayFixture.start()
        let before = gateway.sent.count
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(
            await becomesTrue {
                gateway.sent[before...].contains {
                    if case .sample(let sample) = $0 {
                        return sample.queuedRequests == 1 && sample.time > 1_000_000_000
                    }
                    return false
                }
            })
        let upstream = try await StubUpstream.start { _, reply in reply.answer("awake") }
        gateway.setFleet([upstream.port])
        #expect(await client.waits(for: "awake"))
        await gateway.stop()
    }

    @Test func drain_ofABusyReplica_endsWithItsLastByte() async throws {
        let replies = Mutex<[StubReply]>([])
        let upstream = try await StubUpstream.start { _, reply in
            reply.beginStream()
            reply.event("a")
            replies.withLock { $0.append(reply) }
        }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await client.waits(for: "data: a"))
        gateway.server.receive(.drainOne(workload: "small"))
        #expect(gateway.sent.contains(.drainBegan(workload: "small", replica: 1)))
        #expect(!gateway.sent.contains(.drained(workload: "small", replica: 1)))
        let next = try await gateway.client()
        next.post(smallBody)
        #expect(await gateway.sampleBecomes { $0.queuedRequests == 1 })
        // What the controller wrote before it knew does not end the drain.
        gateway.setFleet([upstream.port])
        #expect(gateway.sample()?.replicas.first?.isReady == false)
        for reply in replies.withLock({ $0 }) { reply.endStream() }
        #expect(await becomesTrue { gateway.sent.contains(.drained(workload: "small", replica: 1)) })
        #expect(await client.waits(for: "0\r\n\r\n"))
        gateway.server.receive(.drainOne(workload: "small"))
        #expect(gateway.sent.filter { if case .drainBegan = $0 { true } else { false } }.count == 1)
        await gateway.stop()
    }

    @Test func drain_ofAnIdleReplica_takesTheNewestAndEndsAtOnce() async throws {
        let upstream = try await StubUpstream.start { _, reply in reply.answer("x") }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port, upstream.port])
        gateway.server.receive(.drainOne(workload: "small"))
        #expect(gateway.sent.contains(.drained(workload: "small", replica: 2)))
        guard case .hello(_, let fleet) = gateway.server.hello(version: 1) else { return #expect(Bool(false)) }
        #expect(fleet.first?.replicas.map(\.isDraining) == [false, true])
        await gateway.stop()
    }

    @Test func affinity_sameValue_sameReplica() async throws {
        let upstreams = try await (0..<4).map { $0 }.asyncMap { _ in
            try await StubUpstream.start { _, reply in reply.answer("x") }
        }
        let gateway = try await GatewayFixture.start(upstreams: upstreams.map(\.port)) {
            $0.workloads[0].routing.affinityHeader = "X-Session"
        }
        for session in ["a", "b", "c"] {
            let before = upstreams.map(\.requests.count)
            for count in 1...4 {
                let client = try await gateway.client()
                client.post(smallBody, headers: "x-session: \(session)\r\n")
                #expect(await client.waits(for: "\r\n\r\nx"))
                #expect(await gateway.isSettled())
                let added = zip(upstreams.map(\.requests.count), before).map(-).sorted()
                #expect(added == [0, 0, 0, count])
            }
        }
        await gateway.stop()
    }

    @Test func weights_inRoundRobin_areKept() async throws {
        let upstreams = try await [1, 2].asyncMap { _ in
            try await StubUpstream.start { _, reply in reply.answer("x") }
        }
        let gateway = try await GatewayFixture.start { $0.workloads[0].routing.choice = .weightedRoundRobin }
        gateway.setFleet([1: upstreams[0].port, 2: upstreams[1].port], weights: [1: 3])
        let client = try await gateway.client()
        for count in 1...8 {
            client.post(smallBody)
            #expect(await gateway.sampleBecomes { $0.finishedRequests == count })
        }
        #expect(upstreams.map(\.requests.count) == [6, 2])
        await gateway.stop()
    }

    @Test func drainOrder_nothingToDrain_isRefusedWithTheReason() async throws {
        let upstream = try await StubUpstream.start { _, reply in reply.answer("ok") }
        let gateway = try await GatewayFixture.start(upstreams: [])
        gateway.server.receive(.drainOne(workload: "small"))
        gateway.setFleet([1: upstream.port], draining: [1])
        gateway.server.receive(.drainOne(workload: "small"))
        gateway.server.receive(.drainOne(workload: "elsewhere"))
        let draining = ReplicaAddress(number: 4, host: "127.0.0.1", port: 1, isDraining: true)
        gateway.server.receive(.fleet(FleetUpdate(workload: "elsewhere", replicas: [draining])))
        for message: GatewayMessage in [
            .drainRefused(workload: "small", reason: "it has no replica"),
            .drainRefused(workload: "small", reason: "all of its replicas drain already"),
            .drainRefused(workload: "elsewhere", reason: "the gateway does not know the workload"),
            .drained(workload: "elsewhere", replica: 4),
        ] {
            #expect(gateway.sent.contains(message), "\(message)")
        }
        await gateway.stop()
    }

    /// 1,000 streams while replicas are removed, added, and killed before their first byte: every stream gets all of it.
    @Test func thousandStreams_whileTheFleetChanges_areAllAnswered() async throws {
        let open = Mutex<[StubReply]>([])
        let isSilent = Mutex<Set<Int>>([])
        let upstreams = try await (1...10).map { $0 }.asyncMap { number in
            try await StubUpstream.start { _, reply in
                if isSilent.withLock({ $0.contains(number) }) { return }
                reply.beginStream()
                reply.event("first")
                open.withLock { $0.append(reply) }
            }
        }
        let gateway = try await GatewayFixture.start(maxBatch: 1000) { $0.workloads[0].queue.requestLimit = 2000 }
        let ports = Dictionary(uniqueKeysWithValues: upstreams.enumerated().map { ($0.offset + 1, $0.element.port) })
        isSilent.withLock { $0 = [3, 4] }
        gateway.setFleet(ports)
        let clients = try await (0..<1000).map { $0 }.asyncMap { _ in try await gateway.client() }
        for client in clients { client.post(smallBody) }
        #expect(await becomesTrue { upstreams.reduce(0) { $0 + $1.requests.count } == 1000 })
        let silent = upstreams[2].requests.count + upstreams[3].requests.count
        #expect(silent > 100)
        // Down to two: all others may finish what they have.
        gateway.setFleet(ports, draining: [5, 6, 7, 8, 9, 10])
        try await upstreams[2].kill()
        try await upstreams[3].kill()
        #expect(await becomesTrue { open.withLock { $0.count } == 1000 })
        gateway.setFleet(ports.filter { $0.key != 3 && $0.key != 4 })
        for reply in open.withLock({ $0 }) {
            reply.event("last")
            reply.endStream()
        }
        for client in clients { #expect(await client.waits(for: "data: first", "data: last", "0\r\n\r\n")) }
        #expect(await gateway.isSettled())
        let sample = try #require(gateway.sample())
        #expect(sample.finishedRequests == 1000 && sample.failedRequests == 0 && sample.refusedRequests == 0)
        for number in 5...10 { #expect(gateway.sent.contains(.drained(workload: "small", replica: number))) }
        await gateway.stop()
    }

    @Test func stop_withARequestInFlight_letsItFinish() async throws {
        let replies = Mutex<[StubReply]>([])
        let upstream = try await StubUpstream.start { _, reply in replies.withLock { $0.append(reply) } }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        let idle = try await gateway.client()
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await becomesTrue { replies.withLock { $0.count } == 1 })
        async let cut = gateway.server.stop(deadline: .seconds(20))
        #expect(await idle.waitsForClose())
        for reply in replies.withLock({ $0 }) { reply.answer("finished") }
        #expect(await client.waits(for: "finished"))
        #expect(await cut == 0)
    }
}
