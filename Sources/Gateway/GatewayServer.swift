package import Configuration
package import Fleet
internal import Foundation
internal import Glibc
package import Link
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The gateway: an HTTP/1.1 reverse proxy that gives each request to a replica of the workload that it asks for.
package final class GatewayServer: Sendable {
    private let core: GatewayCore
    private let group: MultiThreadedEventLoopGroup
    private let loops: [LoopContext]
    private let address: (host: String, port: Int)
    private let onMessage: @Sendable (GatewayMessage) -> Void
    /// One change at a time.
    private let reconfiguring = Mutex(())
    private let running = Mutex<(any Channel)?>(nil)

    /// A gateway that does not listen yet.
    ///
    /// - Parameters:
    ///   - configuration: workloads and settings.
    ///   - admission: what a replica of a workload admits; a workload that is missing has `WorkloadAdmission.unmeasured`.
    ///   - environment: variables of the process, for API keys.
    ///   - onMessage: gets what is meant for the controller, on any thread; must return soon.
    /// - Throws: `GatewayError` when keys cannot be read or the access log cannot be opened.
    package init(
        configuration: TidewayConfiguration, admission: [WorkloadID: WorkloadAdmission],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        onMessage: @escaping @Sendable (GatewayMessage) -> Void
    ) throws {
        self.onMessage = onMessage
        let routes = configuration.workloads.map { settings in
            Route(
                settings,
                Workload(settings: settings, admission: admission[settings.id] ?? .unmeasured, onMessage: onMessage))
        }
        let settings = configuration.gateway
        let keys = try TenantKeys(settings, environment: environment)
        let core = GatewayCore(
            RouteTable(settings, routes: routes, keys: keys),
            accessLog: try settings.accessLog.map { try AccessLog(path: $0) })
        self.core = core
        address = (settings.host, settings.port)
        let count = max(settings.threads, 1)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        self.group = group
        loops = (0..<count).map { _ in LoopContext(eventLoop: group.next(), gateway: core, loopCount: count) }
    }

    /// Listens, and serves from then on.
    ///
    /// - Returns: the port, which the system chose when the configuration says 0.
    /// - Throws: `GatewayError` when the port cannot be had.
    package func start() async throws -> Int {
        let loops = self.loops
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 32 << 10, high: 128 << 10))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loops.first(where: { $0.eventLoop === channel.eventLoop }) else { return }
                    try channel.pipeline.syncOperations.addHandler(ClientConnection(loop))
                }
            }
        let channel: any Channel
        do {
            channel = try await bootstrap.bind(host: address.host, port: address.port).get()
        } catch {
            throw GatewayError(
                code: .listen,
                message:
                    "gateway.listen \(address.host):\(address.port): cannot listen there: \(error.reasonNotToListen)")
        }
        let core = self.core
        let onTick: @Sendable () -> Void = {
            for workload in core.workloads { workload.onTick() }
        }
        for (index, loop) in loops.enumerated() { loop.begin(onTick: index == 0 ? onTick : nil) }
        running.withLock { $0 = channel }
        return channel.localAddress?.port ?? address.port
    }

    /// Takes in what the controller says. Unknown workloads are ignored: the controller may have a newer configuration.
    package func receive(_ message: ControllerMessage) {
        switch message {
        case .hello:
            for workload in core.workloads { workload.introduce() }
        case .fleet(let update):
            if core.workload(id: update.workload) == nil { answerForUnknown(update) }
            core.apply(update)
        case .drainOne(let id):
            guard let workload = core.workload(id: id) else {
                return onMessage(.drainRefused(workload: id, reason: "the gateway does not know the workload"))
            }
            workload.drainOne()
        }
    }

    /// Nothing is in flight to replicas that the gateway never had: those that drain may go.
    private func answerForUnknown(_ update: FleetUpdate) {
        for replica in update.replicas where replica.isDraining {
            onMessage(.drained(workload: update.workload, replica: replica.number))
        }
    }

    /// Takes a changed configuration while it serves: workloads that came, went or changed, limits, deadlines and API keys, whose
    /// file is read again. All of it holds for each request that arrives after this; requests that wait or run go on, except
    /// that those that wait for a removed workload are refused. The port, the number of threads, the access log and the order of
    /// dispatch stay as they were.
    ///
    /// - Parameters:
    ///   - configuration: checked.
    ///   - admission: what a replica of a workload admits; of known ones that are missing here nothing changes.
    ///   - environment: variables of the process, for API keys.
    /// - Throws: `GatewayError` when keys cannot be read; then nothing is changed.
    package func reconfigure(
        _ configuration: TidewayConfiguration, admission: [WorkloadID: WorkloadAdmission],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let keys = try TenantKeys(configuration.gateway, environment: environment)
        reconfiguring.withLock { _ in
            let routes = configuration.workloads.map { settings in
                let known = core.workload(id: settings.id.description)
                return Route(
                    settings,
                    known
                        ?? Workload(
                            settings: settings, admission: admission[settings.id] ?? .unmeasured, onMessage: onMessage))
            }
            core.replace(RouteTable(configuration.gateway, routes: routes, keys: keys), admission: admission)
        }
        for loop in loops { loop.eventLoop.execute { loop.table = loop.gateway.table } }
    }

    /// The first message for a controller: the replicas that the gateway has.
    package func hello(version: Int) -> GatewayMessage {
        .hello(version: version, fleet: core.workloads.map { $0.fleet() })
    }

    /// Requests that were accepted and are not answered yet.
    package var inFlight: Int { core.workloads.reduce(0) { $0 + $1.read { $0.counters.inFlight } } }

    /// Stops: new requests are refused, those in flight have until the deadline.
    ///
    /// - Returns: requests that had to be cut.
    @discardableResult
    package func stop(deadline: Duration) async -> Int {
        core.isStopping.store(true, ordering: .relaxed)
        let channel = running.withLock { running in
            defer { running = nil }
            return running
        }
        try? await channel?.close()
        let end = ContinuousClock.now + deadline
        repeat {
            await closeIdle()
            if inFlight == 0 { break }
            try? await Task.sleep(for: .milliseconds(20))
        } while ContinuousClock.now < end && !Task.isCancelled
        let cut = inFlight
        for loop in loops { try? await loop.eventLoop.submit { loop.end() }.get() }
        core.accessLog?.flush()
        try? await group.shutdownGracefully()
        return cut
    }

    private func closeIdle() async {
        for loop in loops { try? await loop.eventLoop.submit { loop.closeIdle() }.get() }
    }
}

extension Error {
    /// What keeps a server from its address, with the remedy where there is one.
    fileprivate var reasonNotToListen: String {
        switch (self as? IOError)?.errnoCode {
        case EADDRINUSE: "another program listens there; stop it, or choose another port"
        case EACCES: "ports below 1024 are not for everybody; choose a higher one"
        case EADDRNOTAVAIL: "this machine has no such address; 0.0.0.0 means all that it has"
        default: "\(self)"
        }
    }
}
