package import Fleet
internal import Synchronization

/// The actuator of servers that run already: they are probed and reported, never started or stopped.
package final class WatchedServers: Actuator {
    /// One server.
    package struct Server: Hashable, Sendable {
        package var host: String
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// Between two probes of a server.
    package static let interval = Duration.seconds(1)
    /// Failed probes in a row after which a server that was ready is not.
    package static let failureLimit = 2

    /// Says what is wrong with a server; nil when it is ready.
    package typealias Probe = @Sendable (Server) async -> String?

    private struct Health {
        var isReady = false
        var failures = 0
    }

    private struct State {
        var report: (@Sendable (ActuatorOutcome) -> Void)?
        var health: [ReplicaName: Health] = [:]
    }

    private let records: [ReplicaRecord]
    private let probe: Probe
    private let state = Mutex(State())

    /// - Parameters:
    ///   - servers: by workload; a server's place is its replica's number.
    ///   - variants: of the workloads.
    ///   - now: the instant, as no start was ordered.
    ///   - probe: asks a server; it has a limit of time of its own.
    package init(
        servers: [WorkloadID: [Server]], variants: [WorkloadID: VariantID], now: Instant, probe: @escaping Probe
    ) {
        records = servers.sorted { $0.key < $1.key }.flatMap { workload, servers in
            servers.enumerated().map { number, server in
                ReplicaRecord(
                    name: ReplicaName(workload, ReplicaID(number)), variant: variants[workload] ?? VariantID(""),
                    host: server.host, port: server.port, orderedAt: now)
            }
        }
        self.probe = probe
    }

    package func report(to handler: @escaping @Sendable (ActuatorOutcome) -> Void) {
        state.withLock { $0.report = handler }
    }

    package func adopt(_ records: [ReplicaRecord]) -> [ReplicaRecord] { self.records }
    package func list() -> [ReplicaRecord] { records }

    /// Nothing can be started beyond what there is.
    package func start(_ order: StartOrder) {
        tell(.noCapacity(order.name, reason: "servers that are only watched cannot be started"))
    }

    package func cancel(_ replica: ReplicaName) {}

    /// It stays as it is; the controller does without it.
    package func stop(_ replica: ReplicaName, deadline: Duration?) { tell(.stopped(replica)) }

    /// Probes until it is cancelled.
    package func run() async {
        await withTaskGroup { group in
            for record in records { group.addTask { await self.watch(record) } }
        }
    }

    private func watch(_ record: ReplicaRecord) async {
        while !Task.isCancelled {
            note(record, problem: await probe(Server(host: record.host, port: record.port)))
            do {
                try await Task.sleep(for: WatchedServers.interval, tolerance: .milliseconds(100))
            } catch {
                return
            }
        }
    }

    private func note(_ record: ReplicaRecord, problem: String?) {
        let outcome: ActuatorOutcome? = state.withLock { state in
            var health = state.health[record.name] ?? Health()
            defer { state.health[record.name] = health }
            guard let problem else {
                health.failures = 0
                guard !health.isReady else { return nil }
                health.isReady = true
                return .ready(record)
            }
            health.failures += 1
            guard health.isReady, health.failures >= WatchedServers.failureLimit else { return nil }
            health.isReady = false
            return .unready(record.name, reason: problem)
        }
        if let outcome { tell(outcome) }
    }

    private func tell(_ outcome: ActuatorOutcome) { state.withLock { $0.report }?(outcome) }
}
