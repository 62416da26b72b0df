internal import Configuration
internal import Gateway
internal import Link
package import Logging
internal import NIOPosix
internal import ServiceLifecycle
internal import Synchronization

/// The gateway, and its end of the link to the controller.
package final class GatewayService: Service {
    private let configuration: ReloadedConfiguration
    private let folder: StateFolder
    private let logger: Logger
    private let patience: Duration
    private let server: GatewayServer
    private let link: LinkListener

    /// - Parameters:
    ///   - configuration: checked.
    ///   - patience: how long a gateway that is about to end may have the folder still.
    ///   - logger: for what operators expect to see.
    /// - Throws: `GatewayError` when keys or the access log cannot be had; `AssemblyError`.
    package init(_ configuration: ReloadedConfiguration, patience: Duration, logger: Logger) throws {
        let settings = configuration.current
        folder = StateFolder(settings.stateFolder)
        try folder.create()
        self.configuration = configuration
        self.logger = logger
        self.patience = patience
        let relay = ListenerRelay()
        server = try GatewayServer(
            configuration: settings, admission: Admissions.of(settings), onMessage: { relay.send($0) })
        let server = server
        let handler = LinkListener.Handler(
            receive: { message in
                if case .hello = message { relay.send(server.hello(version: LinkLimits.version)) }
                server.receive(message)
            },
            report: { report in
                switch report {
                case .connected: logger.info("The controller is connected")
                case .ended(nil): logger.warning("The controller is gone; requests go to the last known replicas")
                case .ended(let reason?): logger.warning("The controller's connection ended: \(reason)")
                }
            })
        link = LinkListener(path: folder.gatewaySocket, group: .singleton, handler: handler)
        relay.link = link
    }

    /// Serves until it is asked to end and requests in flight are answered, or their deadline has passed.
    package func run() async throws {
        try await Predecessor(patience: patience, logger: logger).outlast { try await link.start() }
        do {
            let port = try await server.start()
            let host = configuration.current.gateway.host
            logger.info("Send requests to http://\(host.contains(":") ? "[\(host)]" : host):\(port)")
            try? await gracefulShutdown()
        } catch {
            await link.stop()
            throw error
        }
        let deadline = configuration.current.controller.shutdownDeadline
        let cut = await server.stop(deadline: deadline)
        await link.stop()
        if cut > 0 { logger.warning("Requests in flight were cut", metadata: ["count": "\(cut)"]) }
        logger.info("The gateway has ended")
    }

    /// Reads the configuration again, and the file of API keys even if nothing else differs.
    package func reload() {
        switch configuration.reload() {
        case .refused: break
        case .changed(let settings), .same(let settings):
            do {
                try server.reconfigure(settings, admission: Admissions.of(settings))
            } catch {
                logger.error("The gateway keeps its old settings: \(error)")
            }
        }
    }
}

/// Where the gateway's messages go; the link is made after the gateway.
private final class ListenerRelay: Sendable {
    private let target = Mutex<LinkListener?>(nil)

    var link: LinkListener? {
        get { target.withLock { $0 } }
        set { target.withLock { $0 = newValue } }
    }

    func send(_ message: GatewayMessage) { link?.send(message) }
}
