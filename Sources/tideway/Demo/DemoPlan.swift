internal import Fleet
internal import Performance

/// What the demonstration runs: two workloads in counter-phase on emulated accelerators of one pool.
struct DemoPlan: Sendable {
    /// One workload: its rate is a sine wave between a trough and a peak.
    struct Workload: Hashable, Sendable {
        var id: String
        /// Requests per second.
        var troughRate: Double
        /// Requests per second.
        var peakRate: Double
        /// Position in the wave at time zero, in periods: 0 rises through the mean, 0.5 falls through it.
        var phase: Double

        var meanRate: Double { (troughRate + peakRate) / 2 }
        var amplitude: Double { (peakRate - troughRate) / 2 }
    }

    /// Two regions that use one model: where the one wakes the other goes to sleep.
    var workloads = [
        Workload(id: "code-east", troughRate: 8, peakRate: 32, phase: 0),
        Workload(id: "code-west", troughRate: 8, peakRate: 32, phase: 0.5),
    ]
    var profile: PerformanceProfile
    var objective = ServiceLevelObjective.reference
    /// Measured traffic, in seconds.
    var seconds = 120.0
    /// One wave, in seconds.
    var periodSeconds = 120.0
    /// Traffic before that, at the rates of time zero: served and not counted, so that nobody is measured on a fleet that
    /// has not met its traffic yet.
    var leadInSeconds = 20.0
    var startUp = Duration.seconds(5)
    var bounds = ReplicaBounds(min: 2, max: 12)
    /// Together fewer than two workloads at their largest would take.
    var pooledReplicas = 18
    var policy = "tideway"
    var seed: UInt64 = 1

    init(profile: PerformanceProfile) { self.profile = profile }
}
