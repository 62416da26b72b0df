import Configuration
import Fleet
import Gateway
import Link
import Routing
import Synchronization

/// A gateway with one workload, "small", and what it told the controller.
final class GatewayFixture: Sendable {
    let server: GatewayServer
    let port: Int
    private let messages: MessageList

    final class MessageList: Sendable {
        let list = Mutex<[GatewayMessage]>([])
    }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - upstreams: ports of its replicas, which are numbered from 1.
    ///   - maxBatch: requests that a replica admits.
    ///   - shortPromptLimit: seconds until the first token of a prompt below 100 tokens is late, others an hour; nil: in turn.
    ///   - environment: variables of the process.
    ///   - change: changes the configuration before it is used.
    /// - Returns: the gateway, which listens.
    /// - Throws: what the gateway throws.
    static func start(
        upstreams: [Int] = [], maxBatch: Int = 64, shortPromptLimit: Double? = nil,
        environment: [String: String] = [:],
        _ change: (inout TidewayConfiguration) -> Void = { _ in }
    ) async throws -> GatewayFixture {
        var configuration = TidewayConfiguration()
        configuration.workloads = [WorkloadSettings(id: WorkloadID("small"))]
        configuration.gateway.port = 0
        change(&configuration)
        let messages = MessageList()
        let limits = AdmissionLimits(maxBatch: maxBatch, kvTokens: 1 << 24, backlogSeconds: 3600)
        var admission = WorkloadAdmission(limits: limits, prefillSeconds: { _ in 0 })
        admission.pacing = shortPromptLimit.map { limit in
            .init(limits: limits, firstTokenLimit: { $0 < 100 ? limit : 3600 })
        }
        let server = try GatewayServer(
            configuration: configuration,
            admission: Dictionary(
                uniqueKeysWithValues: configuration.workloads.map { ($0.id, admission) }),
            environment: environment, onMessage: { message in messages.list.withLock { $0.append(message) } })
        let port = try await server.start()
        let fixture = GatewayFixture(server, port, messages)
        if !upstreams.isEmpty { fixture.setFleet(upstreams) }
        return fixture
    }

    private init(_ server: GatewayServer, _ port: Int, _ messages: MessageList) {
        self.server = server
        self.port = port
        self.messages = messages
    }

    /// Replicas at these ports, numbered from 1.
    func setFleet(_ ports: [Int]) {
        setFleet(Dictionary(uniqueKeysWithValues: ports.enumerated().map { ($0.offset + 1, $0.element) }))
    }

    /// Replicas by number, with their ports.
    func setFleet(_ ports: [Int: Int], draining: Set<Int> = [], weights: [Int: Int] = [:]) {
        let replicas = ports.sorted { $0.key < $1.key }.map {
            ReplicaAddress(
                number: $0.key, host: "127.0.0.1", port: $0.value, isDraining: draining.contains($0.key),
                weight: weights[$0.key] ?? 1)
        }
        server.receive(.fleet(FleetUpdate(workload: "small", replicas: replicas)))
    }

    func client() async throws -> RawClient { try await RawClient.connect(port: port) }

    var sent: [GatewayMessage] { messages.list.withLock { $0 } }

    /// The present counters: a controller that connects gets them at once.
    func sample() -> GatewaySample? {
        let count = sent.count
        server.receive(.hello(version: 1))
        for message in sent[count...].reversed() {
            if case .sample(let sample) = message, sample.workload == "small" { return sample }
        }
        return nil
    }

    /// Waits until the counters satisfy a condition.
    func sampleBecomes(_ condition: (GatewaySample) -> Bool) async -> Bool {
        await becomesTrue { self.sample().map(condition) ?? false }
    }

    /// Nothing is in flight any more, and every request that arrived was counted once.
    func isSettled() async -> Bool {
        await sampleBecomes { sample in
            sample.runningRequests == 0 && sample.queuedRequests == 0 && self.server.inFlight == 0
                && sample.replicas.allSatisfy { $0.runningRequests == 0 && $0.reservedTokens == 0 }
        }
    }

    /// Closes a connection, and waits until another one is served.
    func refusesNoMore(after old: RawClient) async -> Bool {
        try? await old.close()
        for _ in 0..<1000 {
            guard let client = try? await client() else { return false }
            client.send("GET /tideway/health HTTP/1.1\r\nhost: a\r\n\r\n")
            _ = await becomesTrue { client.text.contains("HTTP/1.1 ") }
            if client.text.contains("ready") { return true }
            try? await client.close()
        }
        return false
    }

    func stop() async { await server.stop(deadline: .seconds(0)) }
}

/// The body of a request to the workload.
let smallBody = #"{"model":"small","messages":[{"role":"user","content":"Hello"}],"max_tokens":5}"#
