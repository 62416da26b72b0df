internal import Configuration
internal import Fleet
internal import Performance

/// What the demonstration runs: two workloads in counter-phase on emulated accelerators of one pool.
struct DemoPlan: Sendable {
    /// One workload: its rate is a wave between a trough and a peak, with longer quiet times than busy ones, as days have.
    struct Workload: Hashable, Sendable {
        var id: String
        /// Requests per second.
        var troughRate: Double
        /// Requests per second.
        var peakRate: Double
        /// Position in the wave at time zero, in periods: 0 is the peak, 0.5 the trough.
        var phase: Double
    }

    /// Two regions that use one model: where the one wakes the other goes to sleep.
    var workloads = [
        Workload(id: "code-east", troughRate: 16, peakRate: 64, phase: 0.75),
        Workload(id: "code-west", troughRate: 16, peakRate: 64, phase: 0.25),
    ]
    var profile: PerformanceProfile
    var objective = ServiceLevelObjective.reference
    /// Measured traffic, in seconds.
    var seconds = 120.0
    /// One wave, in seconds.
    var periodSeconds = 120.0
    /// Traffic before that, at the rates of time zero: served and not counted, so that nobody is measured on a fleet that
    /// has not met its traffic yet.
    var leadInSeconds = 30.0
    var startUp = Duration.seconds(5)
    var bounds = ReplicaBounds(min: 3, max: 24)
    /// Together fewer than two workloads at their largest would take.
    var pooledReplicas = 36
    var policy = "tideway"
    /// Who is served next.
    var order = RoutingSettings.Order.slo
    var seed: UInt64 = 1

    init(profile: PerformanceProfile) { self.profile = profile }
}
