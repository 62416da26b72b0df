internal import Fleet
package import Performance
internal import Sampling
package import Simulation
package import Traces

/// What is known of a workload before any policy runs: its means and where one replica should run.
package enum WorkloadAnalysis {
    /// Replicas of the fleet on which the steady rate is found.
    static let steadyFleet = 8
    /// Other pools whose rates are found, for the capacity curve.
    static let smallerPools = [4, 2, 1]
    static let largerPools = [16, 32]
    /// Seconds of Poisson arrivals that one trial measures.
    static let steadySeconds = 900.0
    /// Seconds of arrivals before them: a trial starts empty, and is not steady before requests finish as fast as they come.
    static let steadyRampSeconds = 60.0
    /// Bisections of the steady rate: the last step is under 0.2 % of it.
    static let steadyTrials = 10

    /// The operating point of one replica (reference plant, section 6).
    ///
    /// The steady rate is the largest Poisson rate per replica, rows drawn from the workload, at which the objective's share
    /// is good on a fixed fleet of 8 over 900 s, found by bisection with common random numbers. Other pools' likewise. A minute of
    /// the same arrivals comes first: averaged from empty on, conversation's mean in flight is 1 % too small.
    ///
    /// - Parameters:
    ///   - trace: the workload; not empty.
    ///   - profile: of each replica.
    ///   - plant: its objective, binding and dispatch hold in the trials too.
    /// - Returns: the point; its rate is zero when no rate reaches the objective.
    package static func operatingPoint(
        _ trace: Trace, profile: PerformanceProfile, plant: SimulationOptions
    ) -> OperatingPoint {
        guard let shape = trace.meanShape else { preconditionFailure("an analysis needs requests") }
        let fluid = profile.fluidPoint(shape, limits: plant.slo.limits)
        let search = SteadyRateSearch(trace: trace, profile: profile, plant: plant)
        let ceiling = fluid.rate * 1.25
        let steady = search.largestRate(fleet: steadyFleet, from: 0, to: ceiling)
        var pools = [OperatingPoint.PoolRate(replicas: steadyFleet, rate: steady.rate)]
        for fleet in smallerPools {
            let rate = search.largestRate(fleet: fleet, from: 0, to: pools[0].rate).rate
            pools.insert(OperatingPoint.PoolRate(replicas: fleet, rate: rate), at: 0)
        }
        for fleet in largerPools {
            let least = pools[pools.count - 1].rate
            let rate = search.largestRate(fleet: fleet, from: least, to: max(ceiling, least)).rate
            pools.append(OperatingPoint.PoolRate(replicas: fleet, rate: max(rate, least)))
        }
        return OperatingPoint(
            steadyRate: steady.rate, steadyConcurrency: steady.concurrency, fluidBatch: fluid.batch, shape: shape,
            pools: pools)
    }

    /// The operating point without variance: the fluid rate in place of the steady one.
    static func fluidPoint(
        _ trace: Trace, profile: PerformanceProfile, slo: ServiceLevelObjective
    ) -> OperatingPoint {
        guard let shape = trace.meanShape else { preconditionFailure("an analysis needs requests") }
        let fluid = profile.fluidPoint(shape, limits: slo.limits)
        return OperatingPoint(
            steadyRate: fluid.rate, steadyConcurrency: fluid.batch, fluidBatch: fluid.batch, shape: shape)
    }

    /// Work of each bin of `width` seconds over the measured period, in replica-seconds at the fluid batch.
    static func work(
        _ trace: Trace, profile: PerformanceProfile, batch: Double, from: Double, width: Double
    ) -> [Double] {
        let bins = max(Int(((trace.lastArrival - from) / width).rounded(.down)) + 1, 1)
        var work = [Double](repeating: 0, count: bins)
        for index in 0..<trace.count {
            let row = trace[index]
            guard row.arrival >= from else { continue }
            work[min(Int((row.arrival - from) / width), bins - 1)] += profile.work(
                promptTokens: Double(row.promptTokens), uncachedTokens: Double(trace.uncachedTokens(index)),
                outputTokens: Double(row.outputTokens), batch: batch)
        }
        return work
    }
}
