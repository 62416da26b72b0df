internal import Capacity
internal import Fleet
internal import Performance
internal import Simulation
internal import Traces

/// What an engine that is slower or faster than its profile means for the fleet.
extension WorkloadAnalysis {
    /// Factors on the profile's times.
    private static let engineFactors = [
        0.4, 0.55, 0.7, 0.8, 0.9, 0.96, 1, 1.04, 1.08, 1.12, 1.2, 1.3, 1.45, 1.6, 1.8, 2, 2.4, 3, 4,
    ]

    /// However much slower an engine is, no more replicas than so many times the usual are ordered for that: where it hardly keeps the
    /// objective with a single request, they would hardly help.
    private static let slowdownMax = 8.0

    /// By the formula for capacity, for pools of the size of the steady rate's under Poisson arrivals.
    ///
    /// - Returns: up to the speed at which no replica keeps the objective; empty if the profile's is beyond it.
    static func slowdowns(
        _ trace: Trace, profile: PerformanceProfile, plant: SimulationOptions
    ) -> [OperatingPoint.Slowdown] {
        guard let shape = trace.meanShape else { return [] }
        let classes = RequestClasses(
            trace.requestLengths, longPromptTokens: Double(ServiceLevelObjective.longPromptTokens))
        func rates(_ factor: Double) -> (fluid: Double, pool: Double) {
            let engine = profile.timed(EngineTimes(fixed: factor, sequences: factor, prefill: factor))
            let pool = PoolCapacity.rate(
                engine, classes: classes, slo: plant.slo, order: plant.order, pacing: plant.pacing,
                replicas: steadyFleet)
            return (engine.fluidPoint(shape, limits: plant.slo.limits).rate, pool)
        }
        let usual = rates(1)
        guard usual.fluid > 0, usual.pool > 0 else { return [] }
        return engineFactors.map(rates).filter { $0.fluid > 0 }.map {
            let pool = $0.pool > 0 ? usual.pool / $0.pool : slowdownMax
            return OperatingPoint.Slowdown(fluid: usual.fluid / $0.fluid, pool: min(pool, slowdownMax))
        }
    }
}
