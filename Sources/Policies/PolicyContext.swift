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
    /// Whether those who can still be in time are served before the late (the order `slo`).
    package var inTimeFirst: Bool
    /// Of the policy `tideway`; the others have none.
    package var settings: TidewaySettings
    /// The fleet of the policy `static`, found by the caller; nil when nobody asks for that policy.
    package var staticReplicas: Int?
    /// The traffic to come, as a reference for the policy `tideway`; nil in live operation, and for every policy that is one.
    package var foresight: DemandForesight?
    /// Whether the policy `tideway` believes what starts really take; else it plans for `startUpMedian` all the time.
    package var learnsStartUp = true

    /// - Parameters:
    ///   - profile: how fast a replica is.
    ///   - slo: what users are promised.
    ///   - operatingPoint: where one replica should run.
    ///   - startUpMedian: from order to ready.
    ///   - knob: above zero; 1 is the default setting.
    ///   - inTimeFirst: whether those who can still be in time are served before the late.
    ///   - settings: of the policy `tideway`.
    ///   - staticReplicas: the fleet of the policy `static`.
    package init(
        profile: PerformanceProfile, slo: ServiceLevelObjective, operatingPoint: OperatingPoint,
        startUpMedian: Duration, knob: Double = 1, inTimeFirst: Bool = false,
        settings: TidewaySettings = TidewaySettings(), staticReplicas: Int? = nil
    ) {
        precondition(knob > 0, "the knob is a factor above zero")
        self.profile = profile
        self.slo = slo
        self.operatingPoint = operatingPoint
        self.startUpMedian = startUpMedian
        self.knob = knob
        self.inTimeFirst = inTimeFirst
        self.settings = settings
        self.staticReplicas = staticReplicas
    }

    /// Requests in flight per replica that concurrency policies aim at: the steady concurrency divided by the knob.
    var targetConcurrency: Double { operatingPoint.steadyConcurrency / knob }
}
