package import Configuration
internal import Fleet
package import Logging
internal import Synchronization

/// The configuration that holds, and the one way to replace it while it runs.
package final class ReloadedConfiguration: Sendable {
    private let file: String
    private let logger: Logger
    private let latest: Mutex<TidewayConfiguration>

    /// - Parameters:
    ///   - file: is read again on `reload`.
    ///   - configuration: what was read first.
    ///   - logger: for problems and differences.
    package init(file: String, _ configuration: TidewayConfiguration, logger: Logger) {
        self.file = file
        self.logger = logger
        latest = Mutex(configuration)
    }

    package var current: TidewayConfiguration { latest.withLock { $0 } }

    /// What reading the file again brought.
    package enum Outcome {
        /// It holds from now on.
        case changed(TidewayConfiguration)
        /// Nothing differs; files that it names may.
        case same(TidewayConfiguration)
        /// The file has errors: the old one holds on.
        case refused
    }

    /// Reads the file again.
    package func reload() -> Outcome {
        let reading = ConfigurationFile.read(file)
        for problem in reading.problems { logger.warning("\(problem.description)") }
        guard let configuration = reading.configuration else {
            logger.error("The configuration has errors; the old one holds on")
            return .refused
        }
        let running = current
        let change = ConfigurationChange(from: running, to: configuration)
        if change.isEmpty { logger.info("The configuration is as it was") }
        report(change)
        let reloaded = configuration.reloaded(over: running)
        guard reloaded != running else { return .same(running) }
        latest.withLock { $0 = reloaded }
        return .changed(reloaded)
    }

    private func report(_ change: ConfigurationChange) {
        for id in change.added { logger.info("Workload added", metadata: ["workload": "\(id)"]) }
        for id in change.removed { logger.info("Workload removed", metadata: ["workload": "\(id)"]) }
        for entry in change.entries {
            switch entry.effect {
            case .atOnce: logger.info("Changed: \(entry)")
            case .newReplicas: logger.info("Changed for replicas that start from now on: \(entry)")
            case .restart: logger.warning("Not changed before Tideway is started again: \(entry)")
            }
        }
    }
}
