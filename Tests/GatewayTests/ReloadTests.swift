import Configuration
import Fleet
import Foundation
import Gateway
import Link
import Routing
import Testing

/// Settings that change while requests are in flight.
struct ReloadTests {
    private func configuration(_ ids: [String]) -> TidewayConfiguration {
        var configuration = TidewayConfiguration()
        configuration.workloads = ids.map { WorkloadSettings(id: WorkloadID($0)) }
        configuration.gateway.port = 0
        return configuration
    }

    private func status(_ gateway: GatewayFixture, _ body: String, headers: String = "") async throws -> String {
        let client = try await gateway.client()
        client.post(body, headers: headers)
        _ = await client.waits(for: "\r\n\r\n")
        try? await client.close()
        return String(client.text.dropFirst(9).prefix(3))
    }

    /// Whether requests are answered so from some time on.
    private func becomes(
        _ wanted: String, _ gateway: GatewayFixture, _ body: String, headers: String = ""
    ) async throws
        -> Bool
    {
        for _ in 0..<1000 {
            if try await status(gateway, body, headers: headers) == wanted { return true }
        }
        return false
    }

    @Test func workloadAdded_whoseFleetCameBefore_isServed() async throws {
        let upstream = try await StubUpstream.start { _, reply in reply.answer("{}") }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        gateway.server.receive(
            .fleet(
                FleetUpdate(
                    workload: "large",
                    replicas: [
                        ReplicaAddress(number: 1, host: "127.0.0.1", port: upstream.port, isDraining: false, weight: 1)
                    ])))
        #expect(try await status(gateway, #"{"model":"large"}"#) == "404")
        try gateway.server.reconfigure(configuration(["small", "large"]), admission: [:])
        #expect(try await becomes("200", gateway, #"{"model":"large"}"#))
        #expect(try await status(gateway, smallBody) == "200")
        await gateway.stop()
    }

    @Test func workloadRemoved_withRequests_endsThoseInFlightAndRefusesThoseThatWait() async throws {
        let upstream = try await StubUpstream.start { _, reply in reply.beginStream() }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port], maxBatch: 1)
        let running = try await gateway.client()
        running.post(smallBody)
        #expect(await becomesTrue { upstream.requests.count == 1 })
        let waiting = try await gateway.client()
        waiting.post(smallBody)
        #expect(await gateway.sampleBecomes { $0.queuedRequests == 1 })

        try gateway.server.reconfigure(configuration(["other"]), admission: [:])
        #expect(await waiting.waits(for: "HTTP/1.1 404 ", "x-tideway-reason: unknown-model"))
        #expect(try await becomes("404", gateway, smallBody))
        #expect(upstream.requests.count == 1)
        #expect(gateway.server.inFlight == 1)
        upstream.endStreams()
        #expect(await running.waits(for: "HTTP/1.1 200 ", "\r\n0\r\n\r\n"))
        #expect(await gateway.isSettled())
        await gateway.stop()
    }

    @Test func workloadThatComesBack_whileItStillServes_goesOnCounting() async throws {
        let upstream = try await StubUpstream.start { _, reply in reply.answer("{}") }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port])
        #expect(try await status(gateway, smallBody) == "200")
        try gateway.server.reconfigure(configuration(["other"]), admission: [:])
        try gateway.server.reconfigure(configuration(["small"]), admission: [:])
        #expect(try await becomes("200", gateway, smallBody))
        #expect(await gateway.sampleBecomes { $0.finishedRequests >= 2 })
        await gateway.stop()
    }

    @Test func queueLimit_lowered_holdsAtOnceForNewRequests() async throws {
        let gateway = try await GatewayFixture.start()
        let waiting = try await gateway.client()
        waiting.post(smallBody)
        #expect(await gateway.sampleBecomes { $0.queuedRequests == 1 })
        var changed = configuration(["small"])
        changed.workloads[0].queue.requestLimit = 1
        try gateway.server.reconfigure(changed, admission: [:])
        let refused = try await gateway.client()
        refused.post(smallBody)
        #expect(await refused.waits(for: "HTTP/1.1 429 ", "x-tideway-reason: queue-full"))
        #expect(waiting.text.isEmpty)
        await gateway.stop()
    }

    @Test func queueLimit_ofZero_refusesWhatNoReplicaTakes() async throws {
        let gateway = try await GatewayFixture.start { $0.workloads[0].queue.requestLimit = 0 }
        let client = try await gateway.client()
        client.post(smallBody)
        #expect(await client.waits(for: "HTTP/1.1 429 ", "x-tideway-reason: queue-full"))
        #expect(await gateway.isSettled())
        await gateway.stop()
    }

    /// A changed profile: replicas that admitted one request admit three.
    @Test func admission_raised_placesThoseThatWait() async throws {
        let upstream = try await StubUpstream.start { _, reply in reply.beginStream() }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port], maxBatch: 1)
        var clients: [RawClient] = []
        for _ in 0..<4 {
            let client = try await gateway.client()
            client.post(smallBody)
            clients.append(client)
        }
        #expect(await becomesTrue { gateway.sample()?.queuedRequests == 3 })
        #expect(await becomesTrue { upstream.requests.count == 1 })
        let raised = WorkloadAdmission(
            limits: AdmissionLimits(maxBatch: 3, kvTokens: 1 << 24, backlogSeconds: 3600), prefillSeconds: { _ in 0 })
        try gateway.server.reconfigure(configuration(["small"]), admission: [WorkloadID("small"): raised])
        #expect(await becomesTrue { upstream.requests.count == 3 && gateway.sample()?.queuedRequests == 1 })
        for client in clients { try? await client.close() }
        #expect(await gateway.isSettled())
        await gateway.stop()
    }

    @Test func apiKeys_changedInTheirFile_replaceTheOldOnes() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("old one\n".utf8).write(to: file)
        let upstream = try await StubUpstream.start { _, reply in reply.answer("{}") }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port]) { $0.gateway.apiKeysFile = file.path }
        var same = configuration(["small"])
        same.gateway.apiKeysFile = file.path
        #expect(try await status(gateway, smallBody, headers: "authorization: Bearer old\r\n") == "200")
        try Data("new one\n".utf8).write(to: file)
        try gateway.server.reconfigure(same, admission: [:])
        #expect(try await becomes("200", gateway, smallBody, headers: "authorization: Bearer new\r\n"))
        #expect(try await status(gateway, smallBody, headers: "authorization: Bearer old\r\n") == "401")

        try Data("three words here\n".utf8).write(to: file)
        #expect(throws: GatewayError.self) { try gateway.server.reconfigure(same, admission: [:]) }
        #expect(try await status(gateway, smallBody, headers: "authorization: Bearer new\r\n") == "200")
        await gateway.stop()
    }

    @Test func twoThreads_underReloads_answerEveryRequest() async throws {
        let upstream = try await StubUpstream.start { _, reply in reply.answer("{}") }
        let gateway = try await GatewayFixture.start(upstreams: [upstream.port], maxBatch: 3) {
            $0.gateway.threads = 2
        }
        let settings = configuration(["small"])
        let answers = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var count = 0
                    for _ in 0..<25 {
                        if let answer = try? await self.status(gateway, smallBody), answer == "200" { count += 1 }
                    }
                    return count
                }
            }
            for _ in 0..<50 {
                try? gateway.server.reconfigure(settings, admission: [:])
                await Task.yield()
            }
            return await group.reduce(0, +)
        }
        #expect(answers == 200)
        #expect(await gateway.isSettled())
        await gateway.stop()
    }
}
