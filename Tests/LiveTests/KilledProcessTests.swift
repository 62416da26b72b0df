import Foundation
import Link
import Load
import Testing

/// The processes of Tideway itself are killed.
struct KilledProcessTests {
    private func replicaIDs(_ status: ControllerStatus) -> [Int32] {
        status.only.replicas.compactMap(\.processID).sorted()
    }

    /// Twenty controllers are killed under a steady load: streams go on, and each next one wants the same and has the same.
    @Test func controller_killedTwentyTimes_nothingIsCutLostOrDoubled() async throws {
        // 40 streams are much for a replica, so that the load wants about three.
        let stack = try Stack(
            profile: Configurations.slowProfile.replacing("\"max_batch\": 1000", with: "\"max_batch\": 40"))
        try stack.configure(Configurations.chat(replicas: "{min: 1, max: 6}", policy: "hpa"))
        try stack.start()
        // 100 streams in flight throughout.
        let load = try await stack.streams(2000, perSecond: 10, tokens: 20)
        async let running = load.run()
        try await stack.wait("steady number") { try await isSteady(stack) }

        for round in 1...20 {
            let before = try await stack.status("connection") { $0.isGatewayConnected }
            kill(before.processID, SIGKILL)
            let after = try await stack.status("next controller") {
                $0.processID != before.processID && $0.isGatewayConnected && $0.only.ready == before.only.ready
            }
            #expect(after.only.desired == before.only.desired, "round \(round)")
            #expect(replicaIDs(after) == replicaIDs(before), "round \(round)")
        }
        let last = try await stack.status("end of starts") { $0.only.starting == 0 && $0.only.draining == 0 }
        let marked = stack.marked
        #expect(marked.map(\.id).sorted() == replicaIDs(last))
        #expect(Set(marked.map(\.replica)).count == marked.count)
        load.stop()
        let report = try await running
        let outcomes = report.workloads[0].outcomes
        #expect(
            outcomes.keys.sorted() == ["answered"] || outcomes.keys.sorted() == ["answered", "stopped"], "\(outcomes)")
        #expect(try await stack.stop() == 0)
        #expect(stack.marked.isEmpty)
    }

    private func isSteady(_ stack: Stack) async throws -> Bool {
        guard let status = await stack.status(), status.only.runningRequests ?? 0 >= 95 else { return false }
        return status.only.ready == status.only.desired && status.only.starting + status.only.draining == 0
    }

    /// The supervisor is killed: its processes end politely, and the next one is there before they have.
    @Test func up_killedAndStartedAtOnce_waitsAndServes() async throws {
        let stack = try Stack(profile: Configurations.slowProfile)
        try stack.configure(Configurations.chat(replicas: "{min: 2, max: 2}"))
        try stack.start()
        let first = try await stack.status("fleet") { $0.only.ready == 2 && $0.isGatewayConnected }
        let load = try await stack.streams(20, perSecond: 100, tokens: 12)
        async let running = load.run()
        try await stack.status("streams") { $0.only.runningRequests == 20 }
        kill(try #require(stack.up).processIdentifier, SIGKILL)
        try stack.start()
        let second = try await stack.status("next fleet") {
            $0.processID != first.processID && $0.only.ready == 2 && $0.isGatewayConnected
        }
        #expect(try await running.workloads[0].outcomes == ["answered": 20])
        #expect(stack.marked.map(\.id).sorted() == replicaIDs(second))
        // Until the earlier gateway has ended, the next controller speaks with that one.
        try await stack.wait("next gateway") { stack.notes.matches(of: /Send requests to/).count == 2 }
        let answer = try await stack.ask("/v1/completions", #"{"model":"chat","prompt":"a","max_tokens":1}"#)
        #expect(answer.status == 200)
        #expect(try await stack.stop() == 0, "\(stack.notes)")
        #expect(stack.marked.isEmpty)
    }

    /// The controller is killed while it ends its replicas: nobody is told that all went well.
    @Test func controller_killedWhileItStops_endsUpWithAnError() async throws {
        let stack = try Stack(profile: Configurations.slowProfile)
        try stack.configure(Configurations.chat(replicas: "{min: 1, max: 1}"))
        try stack.start()
        let first = try await stack.status("fleet") { $0.only.ready == 1 && $0.isGatewayConnected }
        let load = try await stack.streams(2, perSecond: 100, tokens: 12)
        async let running = load.run()
        try await stack.status("streams") { $0.only.runningRequests == 2 }
        stack.up?.terminate()
        try await stack.wait("stop") { stack.notes.contains("Stopping") }
        kill(first.processID, SIGKILL)
        #expect(try await stack.end() != 0)
        #expect(stack.notes.contains("replicas may still run"), "\(stack.notes)")
        let outcomes = try await running.workloads[0].outcomes
        #expect(outcomes == ["answered": 2], "\(stack.notes)")
        #expect(stack.marked.map(\.id) == replicaIDs(first))
        try stack.start()
        try await stack.status("next controller") { $0.only.ready == 1 && $0.isGatewayConnected }
        #expect(try await stack.stop() == 0)
        #expect(stack.marked.isEmpty)
    }

    /// Everything but the replicas is killed: the next one adopts them.
    @Test func allButTheReplicas_killed_areAdopted() async throws {
        let stack = try Stack(profile: Configurations.slowProfile)
        try stack.configure(Configurations.chat(replicas: "{min: 3, max: 3}"))
        try stack.start()
        let first = try await stack.status("fleet") { $0.only.ready == 3 && $0.isGatewayConnected }
        // The supervisor last: the controller ends its replicas when it hears that the supervisor is gone.
        for process in [first.processID, stack.process("gateway"), stack.up?.processIdentifier] {
            kill(try #require(process), SIGKILL)
        }
        try stack.start()
        let second = try await stack.status("next controller") {
            $0.processID != first.processID && $0.only.ready == 3 && $0.isGatewayConnected
        }
        #expect(replicaIDs(second) == replicaIDs(first))
        #expect(stack.marked.map(\.id).sorted() == replicaIDs(first))
        #expect(try await stack.stop() == 0)
        #expect(stack.marked.isEmpty)
    }
}
