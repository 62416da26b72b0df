package import Fleet
package import Performance
internal import Sampling
internal import Simulation
package import Traces

/// What is known of a workload before any policy runs: its means and where one replica should run.
package enum WorkloadAnalysis {
    /// Replicas of the fleet on which the steady rate is found.
    static let steadyFleet = 8
    /// Seconds of Poisson arrivals for one trial.
    static let steadySeconds = 900.0
    /// Bisections of the steady rate: the last step is under 0.2 % of it.
    static let steadyTrials = 10

    /// The operating point of one replica (reference plant, section 6).
    ///
    /// The steady rate is the largest Poisson rate per replica, rows drawn from the workload, at which the objective's share
    /// is good on a fixed fleet of 8 over 900 s, found by bisection with common random numbers.
    ///
    /// - Parameters:
    ///   - trace: the workload; not empty.
    ///   - profile: of each replica.
    ///   - slo: the objective.
    package static func operatingPoint(
        _ trace: Trace, profile: PerformanceProfile, slo: ServiceLevelObjective
    ) -> OperatingPoint {
        guard let shape = trace.meanShape else { preconditionFailure("an analysis needs requests") }
        let fluid = profile.fluidPoint(shape, limits: slo.limits)
        var low = 0.0
        var high = fluid.rate * 1.25
        var concurrency = 0.0
        for _ in 0..<steadyTrials where high > 0 {
            let rate = (low + high) / 2
            let trial = steadyTrial(rate, trace, profile, slo)
            if trial.attainment >= slo.attainmentTarget {
                low = rate
                concurrency = trial.inFlightSeconds / trial.horizonSeconds / Double(steadyFleet)
            } else {
                high = rate
            }
        }
        return OperatingPoint(
            steadyRate: low, steadyConcurrency: concurrency, fluidBatch: fluid.batch, shape: shape)
    }

    private static func steadyTrial(
        _ rate: Double, _ trace: Trace, _ profile: PerformanceProfile, _ slo: ServiceLevelObjective
    ) -> SimulationOutcome {
        var generator = SeededGenerator(seed: 1, stream: 2)
        var builder = TraceBuilder(columns: trace.columns)
        var time = 0.0
        while true {
            time += generator.exponential(mean: 1 / (rate * Double(steadyFleet)))
            guard time < steadySeconds else { break }
            var request = trace.request(Int.random(in: 0..<trace.count, using: &generator))
            request.row.arrival = time
            builder.append(request)
        }
        guard builder.count > 0 else { return SimulationOutcome() }
        var options = SimulationOptions()
        options.slo = slo
        options.initialReady = steadyFleet
        return Simulator(
            trace: builder.finish(name: "steady"), profile: profile, policy: ConstantFleet(), options: options
        ).run().outcome
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
