package import Fleet
package import Performance

/// What every policy knows beforehand: its operating point, the objective, the median start-up time. Never the output
/// length of an unfinished request.
package struct PolicyContext: Sendable {
    package var profile: PerformanceProfile
    package var slo: ServiceLevelObjective
    package var operatingPoint: OperatingPoint
    package var startUpMedian: Duration
    /// The main knob's multiplier, for tuning: targets are divided by it, so more means more replicas. 1 is the default setting.
    package var knob: Double

    package init(
        profile: PerformanceProfile, slo: ServiceLevelObjective, operatingPoint: OperatingPoint,
        startUpMedian: Duration, knob: Double = 1
    ) {
        precondition(knob > 0, "the knob is a factor above zero")
        self.profile = profile
        self.slo = slo
        self.operatingPoint = operatingPoint
        self.startUpMedian = startUpMedian
        self.knob = knob
    }
}
