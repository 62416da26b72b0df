internal import Configuration
internal import Control
internal import Fleet
internal import Foundation
internal import Link
package import Logging
internal import NIOPosix
internal import Performance
internal import Processes
internal import Runtime
internal import ServiceLifecycle
internal import Synchronization

/// The controller of a fleet, with everything that it acts through.
package final class ControllerService: Service {
    private let configuration: ReloadedConfiguration
    private let folder: StateFolder
    private let logger: Logger
    private let points: OperatingPoints
    private let lock: StateLock
    private let clock = WallClock()
    private let startedAt: Instant
    private let processes: ProcessesActuator
    private let watched: WatchedServers
    private let loop: ControllerLoop
    private let link: LinkConnector
    private let admin: AdminServer
    private let reloads: AsyncStream<TidewayConfiguration>
    private let reloaded: AsyncStream<TidewayConfiguration>.Continuation
    /// Held while plans are handed over, so that older ones do not come behind newer ones.
    private let offering = Mutex(())

    /// Takes the state folder; nothing is started yet.
    ///
    /// - Parameters:
    ///   - configuration: checked.
    ///   - patience: how long a controller that is about to end may have the folder still.
    ///   - logger: for what operators expect to see.
    /// - Throws: `JournalError` when another controller has the folder; `AssemblyError`, `ProcessesError`.
    package init(_ configuration: ReloadedConfiguration, patience: Duration, logger: Logger) async throws {
        let settings = configuration.current
        folder = StateFolder(settings.stateFolder)
        try folder.create()
        let path = folder.lock
        lock = try await Predecessor(patience: patience, logger: logger).outlast { try StateLock(path: path) }
        self.configuration = configuration
        self.logger = logger
        points = OperatingPoints(path: folder.operatingPoints)
        let now = clock.now()
        startedAt = now
        let group = MultiThreadedEventLoopGroup.singleton
        processes = try ProcessesActuator(
            workloads: settings.workloads, pools: settings.nodePools, stateFolder: folder.path, logger: logger)
        watched = WatchedServers(groups: try settings.watchedServers(), now: now) {
            await ServerProbe.problem($0, group: group)
        }
        let clock = clock
        let relay = LinkRelay()
        loop = ControllerLoop(
            ports: ControllerLoop.Ports(
                actuator: ActuatorSwitch(processes: processes, watched: watched),
                tellGateway: { relay.send($0) }, now: { clock.now() }),
            logger: logger)
        link = LinkConnector(path: folder.gatewaySocket, group: group) { [loop] in loop.send($0) }
        relay.link = link
        let (loop, startedAt) = (loop, startedAt)
        admin = AdminServer(path: folder.adminSocket, group: group) { request, answer in
            loop.answer(request, startedAt: startedAt, answer)
        }
        (reloads, reloaded) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Controls until it is asked to end and everything that it started is gone.
    package func run() async throws {
        let journal = try Journal(path: folder.journal)
        report(journal)
        let settings = configuration.current
        let operation = ControlOperation(settings.controller, journal.state.operation)
        let plans = try WorkloadPlans(configuration: settings, points: points).plans()
        let fleet = FleetController(plans: plans, operation: operation)
        let decisions = DecisionLog(path: folder.decisions, limit: settings.controller.historyLimit)
        try await admin.start()
        try link.start()
        logger.info(
            "The controller runs",
            metadata: ["mode": "\(operation.mode.rawValue)", "policy": "\(settings.controller.policy)"])
        let result = await Result { try await control(fleet, journal, decisions) }
        await link.stop()
        await admin.stop()
        processes.close()
        logger.info("The controller has ended")
        try result.get()
    }

    private func control(
        _ fleet: FleetController, _ journal: Journal, _ decisions: DecisionLog
    ) async throws {
        try await withThrowingTaskGroup { group in
            defer { group.cancelAll() }
            group.addTask { [watched] in await watched.run() }
            group.addTask { [self] in await keepPlans() }
            try await withGracefulShutdownHandler {
                try await loop.run(
                    fleet, journal: journal, decisions: decisions, learned: LearnedFiles(folder: folder.learned))
            } onGracefulShutdown: { [loop, configuration] in
                loop.send(.shutDown(deadline: configuration.current.controller.shutdownDeadline))
            }
        }
    }

    /// Stops everything at once.
    package func stopAtOnce() { loop.send(.hardStop) }

    /// Reads the configuration again, and the profiles that it names even if nothing else differs.
    package func reload() {
        switch configuration.reload() {
        case .refused: break
        case .changed(let settings), .same(let settings): reloaded.yield(settings)
        }
    }

    /// Measures what is not known yet, and hands new plans to the loop: at the start, and after each reload, which does not wait
    /// for what is still being measured.
    private func keepPlans() async {
        var running = Basis(configuration.current, points)
        await withDiscardingTaskGroup { group in
            let first = running.settings
            group.addTask { await self.measure(first) }
            for await settings in reloads {
                let next = Basis(settings, points)
                guard next != running, take(next, after: running) else { continue }
                running = next
                group.addTask { await self.measure(settings) }
            }
        }
    }

    /// What the plans are made of: the configuration, and what it names.
    private struct Basis: Equatable {
        var settings: TidewayConfiguration
        /// nil when a profile cannot be read, which a checked configuration has not.
        var questions: [WorkloadID: OperatingPoints.Question]?

        init(_ settings: TidewayConfiguration, _ points: OperatingPoints) {
            self.settings = settings
            questions = try? WorkloadPlans(configuration: settings, points: points).questions()
        }
    }

    /// Takes all of a changed configuration, or nothing. Returns whether it did.
    private func take(_ next: Basis, after running: Basis) -> Bool {
        do {
            let plans = try WorkloadPlans(configuration: next.settings, points: points).plans()
            let servers = try next.settings.watchedServers()
            processes.configure(workloads: next.settings.workloads, pools: next.settings.nodePools)
            // What people asked for holds on while the file says the same.
            if next.settings.controller.mode != running.settings.controller.mode {
                loop.send(.mode(ControlMode(next.settings.controller.mode)))
            }
            offering.withLock { _ in loop.send(.plans(plans)) }
            // Behind the plans, as the loop knows no servers of a workload that it does not know.
            watched.configure(servers, now: clock.now())
            return true
        } catch {
            logger.error("The controller keeps its old settings: \(error)")
            return false
        }
    }

    private func measure(_ settings: TidewayConfiguration) async {
        do {
            let questions = try WorkloadPlans(configuration: settings, points: points).openQuestions()
            guard !questions.isEmpty else { return }
            for question in questions { await measure(question) }
            if !Task.isCancelled { try offer(settings) }
        } catch {
            logger.error("Plans cannot be made: \(error)")
        }
    }

    /// Hands plans by better known points to the loop, unless the configuration has changed in the meantime.
    private func offer(_ settings: TidewayConfiguration) throws {
        let plans = try WorkloadPlans(configuration: settings, points: points).plans()
        offering.withLock { _ in
            if configuration.current == settings { loop.send(.plans(plans)) }
        }
    }

    /// The simulation runs in a task of the lowest priority that nobody cancels, as it cannot be; a stop does not wait for it.
    private func measure(_ question: OperatingPoints.Question) async {
        let (results, result) = AsyncStream.makeStream(of: OperatingPoint.self)
        Task.detached(priority: .background) { [points] in
            result.yield(points.measure(question))
            result.finish()
        }
        for await point in results {
            guard point.steadyRate > 0 else {
                logger.warning(
                    "No rate keeps the objective: a replica is planned for all that it can do. tideway check says more",
                    metadata: ["profile": "\(question.profile.name)"])
                continue
            }
            logger.info(
                "Measured what a replica carries",
                metadata: [
                    "profile": "\(question.profile.name)",
                    "requestsPerSecond": "\((point.steadyRate * 1000).rounded() / 1000)",
                    "queueingShare": "\(point.queueingShare.map { "\(($0 * 1000).rounded() / 1000)" } ?? "unknown")",
                ])
        }
    }

    private func report(_ journal: Journal) {
        if journal.tornBytes > 0 {
            logger.warning(
                "The journal's last line was not whole and is cut off", metadata: ["bytes": "\(journal.tornBytes)"])
        }
        if !journal.badLines.isEmpty {
            logger.warning(
                "The journal has damaged lines; what they said is looked for",
                metadata: ["lines": "\(journal.badLines.prefix(10).map(String.init).joined(separator: ","))"])
        }
    }
}

/// Where the loop's messages go; the link is made after the loop.
private final class LinkRelay: Sendable {
    private let target = Mutex<LinkConnector?>(nil)

    var link: LinkConnector? {
        get { target.withLock { $0 } }
        set { target.withLock { $0 = newValue } }
    }

    func send(_ message: ControllerMessage) { link?.send(message) }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}

extension ControllerLoop {
    fileprivate func send(_ event: LinkConnector.Event) {
        switch event {
        case .message(let message): send(.gateway(message))
        case .disconnected: send(.gatewayGone)
        }
    }

    fileprivate func answer(
        _ request: AdminRequest, startedAt: Instant, _ answer: @escaping @Sendable (AdminReply) -> Void
    ) {
        switch request {
        case .status:
            ask(processID: ProcessInfo.processInfo.processIdentifier, startedAt: startedAt) { answer(.status($0)) }
        case .freeze:
            send(.freeze(true))
            answer(.done("Frozen: nothing is started or stopped until tideway thaw; requests are served on."))
        case .thaw:
            send(.freeze(false))
            answer(.done("Thawed: decisions are carried out again."))
        case .mode(let word):
            guard let mode = ControlMode(rawValue: word) else {
                let words = ControlMode.allCases.map(\.rawValue).joined(separator: ", ")
                return answer(.refused("There is no mode '\(word)'; take one of \(words)."))
            }
            send(.mode(mode))
            answer(.done("The mode is \(mode.rawValue)."))
        }
    }
}

extension ControlMode {
    fileprivate init(_ mode: ControllerSettings.Mode) {
        switch mode {
        case .observe: self = .observe
        case .advise: self = .advise
        case .act: self = .act
        }
    }
}

extension ControlOperation {
    /// What people asked for last holds on; else the configuration.
    fileprivate init(_ settings: ControllerSettings, _ asked: Runtime.Operation) {
        let mode = asked.mode.flatMap(ControlMode.init(rawValue:)) ?? ControlMode(settings.mode)
        self.init(mode: mode, isFrozen: asked.isFrozen)
    }
}

extension TidewayConfiguration {
    fileprivate func watchedServers() throws -> [WorkloadID: WatchedServers.Group] {
        var groups: [WorkloadID: WatchedServers.Group] = [:]
        for workload in workloads {
            guard let variant = workload.variants.first, case .fixed(let urls) = variant.engine else { continue }
            groups[workload.id] = WatchedServers.Group(
                variant: variant.id, servers: try urls.map { try ServerProbe.server($0) })
        }
        return groups
    }
}
