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

    /// The servers of one workload.
    package struct Group: Sendable {
        package var variant: VariantID
        /// In the order of the configuration.
        package var servers: [Server]

        package init(variant: VariantID, servers: [Server]) {
            self.variant = variant
            self.servers = servers
        }
    }

    fileprivate struct Health {
        var isReady = false
        var failures = 0
    }

    fileprivate struct State {
        var report: (@Sendable (ActuatorOutcome) -> Void)?
        /// By workload; one without servers has an empty list.
        var records: [WorkloadID: [ReplicaRecord]] = [:]
        var health: [ReplicaName: Health] = [:]
        /// Numbers below these were given: none is given twice, so that no answer is about another server.
        var nextNumbers: [WorkloadID: Int] = [:]
    }

    private let probe: Probe
    private let state = Mutex(State())
    private let added: AsyncStream<ReplicaRecord>
    private let adding: AsyncStream<ReplicaRecord>.Continuation

    /// - Parameters:
    ///   - groups: by workload; a server's place is its replica's number.
    ///   - now: the instant, as no start was ordered.
    ///   - probe: asks a server; it has a limit of time of its own.
    package init(groups: [WorkloadID: Group], now: Instant, probe: @escaping Probe) {
        self.probe = probe
        (added, adding) = AsyncStream.makeStream()
        configure(groups, now: now)
    }

    /// Takes changed lists: servers that stay keep their number and health, new ones are launched, missing ones are stopped, that
    /// is, they get no more requests.
    ///
    /// - Parameters:
    ///   - groups: as at the beginning.
    ///   - now: the instant.
    package func configure(_ groups: [WorkloadID: Group], now: Instant) {
        let (launched, stopped) = state.withLock { $0.configure(groups, now: now) }
        for name in stopped { tell(.stopped(name)) }
        for record in launched {
            tell(.launched(record))
            adding.yield(record)
        }
    }

    /// Whether the servers of the workload are watched.
    package func hasWorkload(_ id: WorkloadID) -> Bool { state.withLock { $0.records[id] != nil } }

    package func report(to handler: @escaping @Sendable (ActuatorOutcome) -> Void) {
        state.withLock { $0.report = handler }
    }

    package func adopt(_ records: [ReplicaRecord]) -> [ReplicaRecord] { list() }

    package func list() -> [ReplicaRecord] {
        state.withLock { $0.records.values.flatMap { $0 } }.sorted { $0.name < $1.name }
    }

    /// Nothing can be started beyond what there is.
    package func start(_ order: StartOrder) {
        tell(.noCapacity(order.name, reason: "servers that are only watched cannot be started"))
    }

    package func cancel(_ replica: ReplicaName) {}

    /// It stays as it is; the controller does without it.
    package func stop(_ replica: ReplicaName, deadline: Duration?) { tell(.stopped(replica)) }

    /// Probes until it is cancelled. Call it once.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await record in added { group.addTask { await self.watch(record) } }
        }
    }

    /// Until the server is on no list any more.
    private func watch(_ record: ReplicaRecord) async {
        while !Task.isCancelled, state.withLock({ $0.has(record.name) }) {
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
            // What nobody hears yet must not be remembered as said: it would never be said again.
            guard state.report != nil, state.has(record.name) else { return nil }
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

extension WatchedServers.State {
    func has(_ name: ReplicaName) -> Bool { records[name.workload]?.contains { $0.name == name } ?? false }

    /// - Returns: the new ones and the missing ones, by name.
    mutating func configure(
        _ groups: [WorkloadID: WatchedServers.Group], now: Instant
    ) -> (launched: [ReplicaRecord], stopped: [ReplicaName]) {
        let before = records
        records = [:]
        var launched: [ReplicaRecord] = []
        for (workload, group) in groups.sorted(by: { $0.key < $1.key }) {
            var known = before[workload] ?? []
            records[workload] = group.servers.map { server in
                if let index = known.firstIndex(where: { $0.host == server.host && $0.port == server.port }) {
                    var record = known.remove(at: index)
                    record.variant = group.variant
                    return record
                }
                let number = nextNumbers[workload, default: 0]
                nextNumbers[workload] = number + 1
                let record = ReplicaRecord(
                    name: ReplicaName(workload, ReplicaID(number)), variant: group.variant, host: server.host,
                    port: server.port, orderedAt: now)
                launched.append(record)
                return record
            }
        }
        let stopped = before.values.flatMap { $0 }.map(\.name).filter { !has($0) }.sorted()
        for name in stopped { health[name] = nil }
        return (launched, stopped)
    }
}
