package import Configuration
internal import Foundation
internal import Glibc
package import Logging

/// Writes log lines for people to standard error: time, level where it is not `info`, sentence, details.
package struct TextLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level

    /// - Parameter level: what is less important is left out.
    package init(level: Logger.Level) { logLevel = level }

    /// A logger that writes so.
    package static func logger(_ label: String, level: TelemetrySettings.LogLevel) -> Logger {
        Logger(label: label) { _ in TextLogHandler(level: level.logger) }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let time = Date.now.formatted(.iso8601.time(includingFractionalSeconds: true))
        let details = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
            .map { "  \($0.key)=\(Self.quoted("\($0.value)"))" }
        let level = event.level == .info ? "" : "\(event.level.rawValue): "
        let line = "\(time) \(level)\(event.message)\(details.joined())\n"
        // One write for a line, so that those of several processes do not mix.
        let bytes = Array(line.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    private static func quoted(_ text: String) -> String { text.contains(" ") ? "'\(text)'" : text }
}

extension TelemetrySettings.LogLevel {
    fileprivate var logger: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
