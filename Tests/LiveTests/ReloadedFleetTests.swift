import Foundation
import Link
import Load
import Testing

/// SIGHUP takes a changed profile, pool and list of servers while requests are served.
struct ReloadedFleetTests {
    /// A batch of one makes requests wait; the pool has room for two replicas of the three that are wanted.
    @Test func hangUp_largerPoolAndBatch_areTakenWithoutARestart() async throws {
        let narrow = Configurations.slowProfile.replacing("\"max_batch\": 1000", with: "\"max_batch\": 1")
        let stack = try Stack(profile: narrow)
        let text = Configurations.chat(
            replicas: "{min: 1, max: 3}",
            command: Configurations.emulator(profile: "{folder}/../../../engine.json"))
        try stack.write(Configurations.slowProfile, to: "engine.json")
        try stack.configure(text.replacing("accelerators_per_node: 40", with: "accelerators_per_node: 2"))
        try stack.start()
        let first = try await stack.status("full pool") { $0.only.ready == 2 && $0.isGatewayConnected }
        try await stack.wait("complaint") { stack.notes.contains("no node of pool local has 1 free accelerators") }
        let load = try await stack.streams(12, perSecond: 100, tokens: 30)
        async let running = load.run()
        try await stack.status("queue") { $0.only.queuedRequests == 10 && $0.only.runningRequests == 2 }

        try stack.configure(text)
        stack.hangUp()
        let second = try await stack.status("third replica") { $0.only.ready == 3 }
        #expect(second.processID == first.processID)
        #expect(stack.notes.contains("Changed: node_pools[local].accelerators_per_node: 2 -> 40"))

        // The file's content alone is another.
        try stack.write(Configurations.slowProfile, to: "profile.json")
        stack.hangUp()
        try await stack.status("no queue") { $0.only.queuedRequests == 0 && $0.only.runningRequests ?? 0 > 3 }
        #expect(try await running.workloads[0].outcomes == ["answered": 12])

        // A smaller pool takes nothing from those that run.
        try stack.configure(text.replacing("accelerators_per_node: 40", with: "accelerators_per_node: 1"))
        stack.hangUp()
        try await stack.wait("warning") {
            stack.notes.contains("A replica has accelerators that its pool does not have any more")
        }
        #expect(try #require(await stack.status()).only.ready == 3)
        #expect(try await stack.stop() == 0)
        #expect(stack.marked.isEmpty)
    }

    /// An engine of another kind cannot be changed while its replicas run; the rest of the file is taken.
    @Test func hangUp_otherKindOfEngine_isLeftForARestart() async throws {
        let stack = try Stack(profile: Configurations.slowProfile)
        try stack.configure(Configurations.chat(replicas: "{min: 1, max: 1}"))
        try stack.start()
        try await stack.status("fleet") { $0.only.ready == 1 && $0.isGatewayConnected }
        try stack.configure(
            """
            controller: {policy: static, mode: advise}
            workloads:
              - id: chat
                replicas: {min: 1, max: 1}
                variants:
                  - profile: ./profile.json
                    engine: {static: {urls: ["http://127.0.0.1:1"]}}
            """)
        stack.hangUp()
        try await stack.status("other mode") { $0.mode == "advise" }
        #expect(
            stack.notes.contains(
                "Not changed before Tideway is started again: workloads[chat].variants[0].engine: processes -> static"))
        #expect(try await stack.ask("/v1/completions", #"{"model":"chat","prompt":"a","max_tokens":1}"#).status == 200)
        #expect(try await stack.stop() == 0)
        #expect(stack.marked.isEmpty)
    }
}
