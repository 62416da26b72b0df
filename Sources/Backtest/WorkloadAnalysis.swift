internal import Fleet
package import Performance
internal import Routing
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
    /// Requests of one trial at most, about: where so many come sooner, its time is shorter. Fast services have short memories.
    static let steadyRequests = 400_000.0
    /// Seconds of arrivals before them: a trial starts empty, and is not steady before requests finish as fast as they come.
    static let steadyRampSeconds = 60.0
    /// A fleet that has so many times the load that it carries is a little too small.
    static let overload = 1.1
    /// Bisections of the steady rate: the last step is under 0.2 % of it.
    static let steadyTrials = 10
    /// Shares of the inter-token objective that are tried beside the pacing's default.
    static let pacings = [1, 0.9, 0.8]
    /// Another share must carry so much more than the best one before it, or it is not worth its search.
    static let pacingGain = 1.01

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
        var search = SteadyRateSearch(trace: trace, profile: profile, plant: plant)
        let ceiling = fluid.rate * 1.25
        let steady = steadyPoint(&search, to: ceiling)
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
        var point = OperatingPoint(
            steadyRate: steady.rate, steadyConcurrency: steady.concurrency, fluidBatch: fluid.batch, shape: shape,
            pools: pools)
        point.pacing = search.plant.pacing
        point.queueingShare = search.queueingShare(rate: steady.rate * overload, fleet: steadyFleet)
        point.slowdowns = slowdowns(trace, profile: profile, plant: search.plant)
        return point
    }

    /// The steady rate; in the order `slo`, where nobody fixed it, of the pacing that carries most, which is left in the
    /// search's plant: the capacity curve is that of this pacing.
    private static func steadyPoint(
        _ search: inout SteadyRateSearch, to ceiling: Double
    ) -> (rate: Double, concurrency: Double) {
        guard search.plant.order == .slo, search.plant.pacing == nil else {
            return search.largestRate(fleet: steadyFleet, from: 0, to: ceiling)
        }
        search.plant.pacing = DispatchPacing.defaultShare
        var best = search.largestRate(fleet: steadyFleet, from: 0, to: ceiling)
        for pacing in pacings {
            var other = search
            other.plant.pacing = pacing
            let enough = best.rate * pacingGain
            guard enough < ceiling, other.carries(rate: enough, fleet: steadyFleet) else { continue }
            let found = other.largestRate(fleet: steadyFleet, from: enough, to: ceiling)
            guard found.concurrency > 0 else { continue }
            (search, best) = (other, found)
        }
        return best
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
