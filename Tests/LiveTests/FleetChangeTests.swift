import Foundation
import Link
import Load
import Testing

/// Replicas come, go and die under traffic, and nobody notices.
struct FleetChangeTests {
    /// The first two replicas never answer anything but their readiness probe: whatever they get has no first byte yet.
    private let command = """
        [sh, -c, "if [ {replica} -lt 2 ]; then set -- --hang-after 0; fi; exec PROGRAM engine --profile \
        {folder}/../../../profile.json --model chat --port {port} $*"]
        """

    /// 1,000 streams of forty seconds: two of ten replicas are killed, then eight drained, then eight started.
    @Test func thousandStreams_replicasKilledDrainedAndStarted_areAllAnswered() async throws {
        let stack = try Stack(profile: Configurations.slowProfile)
        try stack.configure(Configurations.chat(replicas: "{min: 10, max: 10}", command: command))
        try stack.start()
        let first = try await stack.status("ten replicas") { $0.only.ready == 10 }
        let load = try await stack.streams(1000, perSecond: 200, tokens: 80)
        async let running = load.run()

        try await stack.status("thousand streams") { $0.only.runningRequests == 1000 }
        for replica in first.only.replicas where replica.number < 2 {
            kill(try #require(replica.processID), SIGKILL)
        }
        try await stack.status("replacement") { status in
            status.only.ready == 10 && status.only.replicas.allSatisfy { $0.number >= 2 }
        }
        try stack.configure(Configurations.chat(replicas: "{min: 2, max: 2}", command: command))
        stack.hangUp()
        let small = try await stack.status("small fleet") { $0.only.ready == 2 && $0.only.desired == 2 }
        try stack.configure(Configurations.chat(replicas: "{min: 10, max: 10}", command: command))
        stack.hangUp()
        try await stack.status("large fleet") { $0.only.ready == 10 }

        let report = try await running
        #expect(report.inFlightMax == 1000)
        #expect(report.workloads[0].outcomes == ["answered": 1000], "\(stack.notes)")
        #expect(report.workloads[0].shortAnswers == 0)
        #expect(small.only.draining > 0)
        try await stack.status("end of the drains") { $0.only.draining == 0 }
        #expect(stack.marked.count == 10)
        #expect(try await stack.stop() == 0)
        #expect(stack.marked.isEmpty)
    }

    /// Nothing runs; the first request starts a replica and waits for it.
    @Test func request_nothingRuns_wakesAReplicaAndIsAnswered() async throws {
        let stack = try Stack()
        try stack.configure(
            Configurations.chat(
                replicas: "{min: 0, max: 2}", policy: "tideway",
                command: Configurations.emulator(profile: "8b-a100", extra: ", --load-delay, 300ms"),
                profile: "8b-a100"))
        try stack.start()
        try await stack.status("connection") { $0.isGatewayConnected && $0.only.ready == 0 }
        #expect(stack.marked.isEmpty)
        let answer = try await stack.ask("/v1/completions", #"{"model":"chat","prompt":"a","max_tokens":3}"#)
        #expect(answer.status == 200, "\(answer.text)\n\(stack.notes)")
        #expect(try await stack.stop() == 0)
        #expect(stack.marked.isEmpty)
    }
}
