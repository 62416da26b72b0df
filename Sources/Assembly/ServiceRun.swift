package import Logging
package import ServiceLifecycle
internal import UnixSignals

/// Runs services until a signal ends them.
package struct ServiceRun: Sendable {
    private let services: [any Service]
    private let logger: Logger
    private let onHangUp: @Sendable () -> Void
    private let onSecondStop: @Sendable () -> Void

    /// - Parameters:
    ///   - services: run side by side; when one ends, the others are asked to.
    ///   - logger: for what happens.
    ///   - onHangUp: SIGHUP came.
    ///   - onSecondStop: SIGTERM or SIGINT came again: end at once. The first asks the services to end.
    package init(
        _ services: [any Service], logger: Logger, onHangUp: @escaping @Sendable () -> Void,
        onSecondStop: @escaping @Sendable () -> Void
    ) {
        self.services = services
        self.logger = logger
        self.onHangUp = onHangUp
        self.onSecondStop = onSecondStop
    }

    /// - Throws: what a service threw.
    package func run() async throws {
        var quiet = logger
        quiet.logLevel = .error
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
                }, logger: quiet))
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { await heed(signals, group) }
            try await group.run()
            tasks.cancelAll()
        }
    }

    private func heed(_ signals: UnixSignalsSequence, _ group: ServiceGroup) async {
        var isStopping = false
        for await signal in signals {
            if signal == .sighup {
                onHangUp()
            } else if isStopping {
                logger.warning("Stopping at once")
                onSecondStop()
            } else {
                isStopping = true
                logger.info("Stopping")
                await group.triggerGracefulShutdown()
            }
        }
    }
}
