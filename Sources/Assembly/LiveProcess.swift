internal import Configuration
internal import Foundation
internal import Glibc
internal import Logging

/// The processes of a running Tideway: gateway, controller, and what keeps both running.
package enum LiveProcess {
    /// After its processes' own deadline, the supervisor waits so much longer.
    private static let grace = Duration.seconds(15)

    /// Runs the gateway until it is ended.
    ///
    /// - Parameters:
    ///   - file: the configuration.
    ///   - isSupervised: whether to end when standard input closes.
    /// - Throws: what keeps it from running, for people.
    package static func gateway(file: String, isSupervised: Bool) async throws {
        let (configuration, logger) = try prepare(file, "gateway")
        if isSupervised { Lifeline.hold() }
        let service = try GatewayService(
            configuration, patience: patience(configuration, isSupervised), logger: logger)
        try await ServiceRun(
            [service], logger: logger, onHangUp: { service.reload() }, onSecondStop: { _exit(EXIT_FAILURE) }
        ).run()
    }

    /// Runs the controller until it is ended.
    ///
    /// - Parameters:
    ///   - file: the configuration.
    ///   - isSupervised: whether to end when standard input closes.
    /// - Throws: what keeps it from running, for people.
    package static func controller(file: String, isSupervised: Bool) async throws {
        let (configuration, logger) = try prepare(file, "controller")
        if isSupervised { Lifeline.hold() }
        let service = try await ControllerService(
            configuration, patience: patience(configuration, isSupervised), logger: logger)
        try await ServiceRun(
            [service], logger: logger, onHangUp: { service.reload() }, onSecondStop: { service.stopAtOnce() }
        ).run()
    }

    /// Runs both as processes of this one.
    ///
    /// - Parameters:
    ///   - file: the configuration.
    ///   - program: path of this program.
    /// - Throws: what keeps them from running, for people.
    package static func up(file: String, program: String) async throws {
        let (configuration, logger) = try prepare(file, "up")
        let supervisor = Supervisor(
            program: program,
            children: [
                Supervisor.Child(name: "gateway", arguments: ["gateway", file, "--supervised"]),
                Supervisor.Child(name: "controller", arguments: ["controller", file, "--supervised"]),
            ], patience: configuration.current.controller.shutdownDeadline + grace, logger: logger)
        try await ServiceRun(
            [supervisor], logger: logger, onHangUp: { supervisor.forward(SIGHUP) },
            onSecondStop: { supervisor.forward(SIGTERM) }
        ).run()
    }

    /// A supervised process may come while the one before it finishes its requests.
    private static func patience(_ configuration: ReloadedConfiguration, _ isSupervised: Bool) -> Duration {
        isSupervised ? configuration.current.controller.shutdownDeadline + grace : .zero
    }

    private static func prepare(_ file: String, _ label: String) throws -> (ReloadedConfiguration, Logger) {
        let (configuration, warnings) = try ConfigurationFile.load(file)
        let logger = TextLogHandler.logger(label, level: configuration.telemetry.logLevel)
        // A reader that is gone is an error of one write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // The supervisor says it once for both.
        if label == "up" { for warning in warnings { logger.warning("\(warning.description)") } }
        return (ReloadedConfiguration(file: file, configuration, logger: logger), logger)
    }
}
