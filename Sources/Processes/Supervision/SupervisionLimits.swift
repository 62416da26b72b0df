internal import Configuration
internal import Fleet

/// How a replica is watched. It is on record, so that an adopted replica is treated as the one who started it meant it,
/// whatever the configuration says now.
struct SupervisionLimits: Hashable, Codable {
    var readinessPath: String
    /// Seconds, all of them.
    var readinessInterval: Double
    var startDeadline: Double
    var stopDeadline: Double
    var logFileBytes: Int
    var logFileCount: Int
    var memoryBytes: Int?

    /// One probe may take so many seconds from the connection to the status line.
    static let probeSeconds = 1.0
    /// No probes in closer sequence, whatever is asked for.
    static let readinessIntervalMin = 0.005

    init(_ settings: ProcessSettings) {
        readinessPath = settings.readinessPath
        readinessInterval = max(settings.readinessInterval.seconds, Self.readinessIntervalMin)
        startDeadline = settings.startDeadline.seconds
        stopDeadline = settings.stopDeadline.seconds
        logFileBytes = settings.logFileLimit
        logFileCount = settings.logFileCount
        memoryBytes = settings.memoryLimit
    }
}
