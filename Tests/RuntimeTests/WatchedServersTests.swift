import Control
import Fleet
import Synchronization
import Testing

@testable import Runtime

/// Lists of servers that change while they are watched.
struct WatchedServersTests {
    private static let chat = WorkloadID("chat")

    private final class Log: Sendable {
        let outcomes = Mutex<[ActuatorOutcome]>([])
        var words: [String] {
            outcomes.withLock {
                $0.map { outcome in
                    switch outcome {
                    case .launched: "launched \(outcome.name)"
                    case .ready: "ready \(outcome.name)"
                    case .stopped: "stopped \(outcome.name)"
                    case .unready, .failed, .noCapacity, .lost: "else \(outcome.name)"
                    }
                }
            }
        }
    }

    private func group(_ ports: [Int]) -> [WorkloadID: WatchedServers.Group] {
        [
            Self.chat: WatchedServers.Group(
                variant: VariantID("v"), servers: ports.map { WatchedServers.Server(host: "h", port: $0) })
        ]
    }

    private func servers(_ ports: Int..., log: Log) -> WatchedServers {
        let servers = WatchedServers(groups: group(ports), now: Instant(seconds: 0)) { _ in nil }
        servers.report { outcome in log.outcomes.withLock { $0.append(outcome) } }
        return servers
    }

    @Test func configure_oneReplaced_keepsTheOtherAndGivesNoNumberTwice() {
        let log = Log()
        let servers = servers(1, 2, log: log)
        servers.configure(group([2, 3]), now: Instant(seconds: 1))
        #expect(log.words == ["stopped chat/0", "launched chat/2"])
        #expect(servers.list().map { "\($0.name) \($0.port)" } == ["chat/1 2", "chat/2 3"])
        servers.configure(group([2, 3, 1]), now: Instant(seconds: 2))
        #expect(servers.list().map { "\($0.name) \($0.port)" } == ["chat/1 2", "chat/2 3", "chat/3 1"])
    }

    @Test func configure_sameList_changesNothing() {
        let log = Log()
        let servers = servers(1, 2, log: log)
        servers.configure(group([2, 1]), now: Instant(seconds: 1))
        #expect(log.words.isEmpty)
    }

    @Test func configure_workloadRemoved_isNobodysAnyMore() {
        let log = Log()
        let servers = servers(1, log: log)
        servers.configure([:], now: Instant(seconds: 1))
        #expect(log.words == ["stopped chat/0"])
        #expect(!servers.hasWorkload(Self.chat) && servers.list().isEmpty)
    }

    @Test func run_serverAddedMeanwhile_isAskedToo() async throws {
        let log = Log()
        let servers = servers(1, log: log)
        let running = Task { await servers.run() }
        servers.configure(group([1, 2]), now: Instant(seconds: 1))
        for _ in 0..<5000 where !log.words.contains("ready chat/1") { try await Task.sleep(for: .milliseconds(2)) }
        #expect(Set(log.words) == ["ready chat/0", "launched chat/1", "ready chat/1"])
        running.cancel()
        await running.value
    }

    /// A server answers before anybody listens: it is told of later, not never.
    @Test func run_answersBeforeAnybodyListens_isReadyAllTheSame() async throws {
        let (asked, asking) = AsyncStream<Void>.makeStream()
        let servers = WatchedServers(groups: group([1]), now: Instant(seconds: 0)) { _ in
            asking.yield()
            return nil
        }
        let running = Task { await servers.run() }
        var questions = asked.makeAsyncIterator()
        // The second question is asked when the first one's answer has been noted.
        _ = await questions.next()
        _ = await questions.next()
        let log = Log()
        servers.report { outcome in log.outcomes.withLock { $0.append(outcome) } }
        for _ in 0..<5000 where log.words.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        #expect(log.words == ["ready chat/0"])
        running.cancel()
        await running.value
    }

    // MARK: In the controller

    private func world() throws -> World {
        let world = try World([0])
        world.plans[0].isWatched = true
        world.plans[0].workload.isActedOn = false
        return world
    }

    private func record(_ number: Int, _ world: World) -> ReplicaRecord {
        ReplicaRecord(
            name: world.name(number), variant: VariantID("small"), host: "h", port: 1000 + number,
            orderedAt: Instant(seconds: world.now))
    }

    @Test func controller_serverComesAndGoes_isRoutedToMeanwhile() throws {
        let world = try world()
        try world.boot()
        try world.give(.outcome(.launched(record(5, world))))
        #expect(world.routed.isEmpty && world.status.starting == 1)
        try world.give(.outcome(.ready(record(5, world))))
        #expect(world.routed == [5])
        try world.give(.outcome(.stopped(world.name(5))))
        #expect(world.routed.isEmpty && world.status.ready == 0)
        #expect(world.journal?.state.replicas.isEmpty == true)
        #expect(!world.effects.contains { if case .start = $0 { true } else { false } })
    }

    @Test func controller_launchThatNobodyOrdered_isNoReplicaOfAProcess() throws {
        let world = try World([0])
        try world.boot()
        try world.give(.outcome(.launched(record(5, world))))
        #expect(world.status.starting == 0)
    }

    // MARK: Beside processes

    /// Processes that run whatever they are asked.
    private final class Processes: Actuator {
        let running: [ReplicaRecord]
        let stopped = Mutex<[ReplicaName]>([])
        let handler = Mutex<(@Sendable (ActuatorOutcome) -> Void)?>(nil)
        init(_ running: [ReplicaRecord]) { self.running = running }
        func report(to handler: @escaping @Sendable (ActuatorOutcome) -> Void) {
            self.handler.withLock { $0 = handler }
        }
        func adopt(_ records: [ReplicaRecord]) -> [ReplicaRecord] { running }
        func start(_ order: StartOrder) {}
        func cancel(_ replica: ReplicaName) {}
        func stop(_ replica: ReplicaName, deadline: Duration?) { stopped.withLock { $0.append(replica) } }
        func list() -> [ReplicaRecord] { running }
    }

    /// The workload's engine was changed while nobody controlled: its process must not stay for ever.
    @Test func adopt_processOfAWorkloadThatIsWatchedNow_isStoppedAndNotHeardOf() {
        let log = Log()
        let left = ReplicaRecord(
            name: ReplicaName(Self.chat, ReplicaID(0)), variant: VariantID("v"), host: "127.0.0.1", port: 20_000,
            processID: 7, orderedAt: Instant(seconds: 0))
        let processes = Processes([left])
        let both = ActuatorSwitch(processes: processes, watched: servers(1, log: Log()))
        both.report { outcome in log.outcomes.withLock { $0.append(outcome) } }
        #expect(both.adopt([left]).map(\.port) == [1])
        #expect(processes.stopped.withLock { $0 } == [left.name])
        processes.handler.withLock { $0 }?(.stopped(left.name))
        #expect(log.words.isEmpty)
        #expect(both.list().map(\.port) == [1])
    }
}
