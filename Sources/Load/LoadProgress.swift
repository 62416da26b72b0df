/// How far a run is.
package struct LoadProgress: Hashable, Sendable {
    /// One workload's part.
    package struct Workload: Hashable, Sendable {
        package var model: String
        package var sent: Int
        package var inFlight: Int
        /// Measured requests whose outcome is known.
        package var finished: Int
        package var good: Int
        /// Good / finished; nil before anything finished, or without an objective.
        package var attainment: Double?
        /// 99th percentile in seconds; nil when there is none.
        package var ttftP99: Double?
    }

    /// Seconds since the traces' time zero, by the clock; negative during a warm-up.
    package var seconds: Double
    package var workloads: [Workload]

    package var sent: Int { workloads.reduce(0) { $0 + $1.sent } }
    package var inFlight: Int { workloads.reduce(0) { $0 + $1.inFlight } }
    package var finished: Int { workloads.reduce(0) { $0 + $1.finished } }
}
