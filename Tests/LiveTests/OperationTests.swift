import Foundation
import Link
import Testing

/// What people say to a running controller, and what it does from then on.
struct OperationTests {
    /// Two workloads on one pool, of which the second is only observed.
    private static let configuration = """
        controller: {policy: static}
        workloads:
          - id: chat
            replicas: {min: 2, max: 2}
            variants: &variants
              - profile: ./profile.json
                pool: local
                engine:
                  processes:
                    command: [PROGRAM, engine, --profile, "{folder}/../../../profile.json", --model, "{workload}", --port, "{port}"]
                    environment: {LIVE: MARK}
                    expected_start_up: 1s
          - id: canary
            act: false
            replicas: {min: 1, max: 2}
            variants: *variants
        node_pools:
          - id: local
            accelerators_per_node: 4
        """

    private func say(_ request: AdminRequest, _ stack: Stack) async throws {
        guard case .done = try await AdminClient.ask(request, at: stack.folder.path + "/state/admin.sock") else {
            throw StandStill("\(request) was not done")
        }
    }

    @Test func freeze_replicaDies_isReplacedOnlyAfterTheThaw() async throws {
        let stack = try Stack(profile: Configurations.slowProfile)
        try stack.configure(Self.configuration)
        try stack.start()
        let first = try await stack.status("fleet") { $0.workload("chat").ready == 2 && $0.isGatewayConnected }
        // The canary would have two; what it would do is recorded, and nothing of it runs.
        #expect(first.workload("canary").mode == "observe" && first.workload("canary").desired == 2)
        #expect(stack.marked.allSatisfy { $0.replica.contains("chat") })

        try await say(.freeze, stack)
        let victim = try #require(first.workload("chat").replicas.first?.processID)
        kill(victim, SIGKILL)
        let frozen = try await stack.status("loss") { $0.workload("chat").ready == 1 }
        #expect(frozen.isFrozen)
        // Requests are served on, and nothing is started, though a replica is missing for longer than a start takes.
        try await Task.sleep(for: .seconds(3))
        #expect(try await stack.ask("/v1/completions", #"{"model":"chat","prompt":"a","max_tokens":1}"#).status == 200)
        #expect(stack.marked.count == 1)

        try await say(.thaw, stack)
        try await stack.status("replacement") { $0.workload("chat").ready == 2 && !$0.isFrozen }
        #expect(try await stack.stop() == 0)
        #expect(stack.marked.isEmpty)
    }

    @Test func mode_observe_startsNothingUntilItActs_andOutlivesTheController() async throws {
        let stack = try Stack(profile: Configurations.slowProfile)
        try stack.configure(Self.configuration.replacing("static}", with: "static, mode: advise}"))
        try stack.start()
        let first = try await stack.status("advice") { $0.workload("chat").desired == 2 && $0.isGatewayConnected }
        #expect(first.mode == "advise")
        try await stack.wait("advice in the log") { stack.notes.contains("Advice") }
        #expect(stack.marked.isEmpty)
        try await say(.mode("act"), stack)
        let second = try await stack.status("fleet") { $0.workload("chat").ready == 2 }
        kill(second.processID, SIGKILL)
        let third = try await stack.status("next controller") {
            $0.processID != second.processID && $0.workload("chat").ready == 2
        }
        #expect(third.mode == "act")
        #expect(try await stack.stop() == 0)
        #expect(stack.marked.isEmpty)
    }
}

extension ControllerStatus {
    func workload(_ id: String) -> WorkloadStatus {
        workloads.first { $0.id == id } ?? WorkloadStatus(id: "", mode: "", policy: "")
    }
}
