internal import Fleet
internal import Performance
internal import Sampling
internal import Simulation
internal import Traces

/// Finds the largest steady rate that a constant fleet carries within the objective, by simulated trials.
struct SteadyRateSearch {
    let trace: Trace
    let profile: PerformanceProfile
    var plant: SimulationOptions

    /// Bisects between two rates.
    ///
    /// - Parameters:
    ///   - fleet: replicas.
    ///   - low: requests per second and replica that the fleet carries; returned when nothing above does.
    ///   - high: requests per second and replica that are not exceeded.
    /// - Returns: the rate per replica, and the requests in flight per replica at it (0 at `low`).
    func largestRate(fleet: Int, from low: Double, to high: Double) -> (rate: Double, concurrency: Double) {
        var (low, high) = (low, high)
        var concurrency = 0.0
        for _ in 0..<WorkloadAnalysis.steadyTrials where high > low {
            let rate = (low + high) / 2
            let outcome = trial(rate: rate, fleet: fleet)
            if outcome.attainment >= plant.slo.attainmentTarget {
                low = rate
                concurrency =
                    outcome.horizonSeconds > 0 ? outcome.inFlightSeconds / outcome.horizonSeconds / Double(fleet) : 0
            } else {
                high = rate
            }
        }
        return (low, concurrency)
    }

    /// Whether a fleet carries a rate per replica.
    func carries(rate: Double, fleet: Int) -> Bool {
        trial(rate: rate, fleet: fleet).attainment >= plant.slo.attainmentTarget
    }

    /// Of the requests that miss their limits at a rate per replica, the share whose first token is late; nil when none does.
    func queueingShare(rate: Double, fleet: Int) -> Double? {
        guard rate > 0 else { return nil }
        let outcome = trial(rate: rate, fleet: fleet)
        guard outcome.requests > outcome.good else { return nil }
        return Double(outcome.requests - outcome.ttftOK) / Double(outcome.requests - outcome.good)
    }

    private func trial(rate: Double, fleet: Int) -> SimulationOutcome {
        var generator = SeededGenerator(seed: 1, stream: 2)
        var builder = TraceBuilder(columns: trace.columns)
        var time = 0.0
        let arrivals = rate * Double(fleet)
        let part = min(WorkloadAnalysis.steadyRequests / arrivals / WorkloadAnalysis.steadySeconds, 1)
        let ramp = WorkloadAnalysis.steadyRampSeconds * part
        let end = ramp + WorkloadAnalysis.steadySeconds * part
        while true {
            time += generator.exponential(mean: 1 / arrivals)
            guard time < end else { break }
            var request = trace.request(Int.random(in: 0..<trace.count, using: &generator))
            request.row.arrival = time
            builder.append(request)
        }
        guard builder.count > 0 else { return SimulationOutcome() }
        return ConstantFleetRun(profile: profile, plant: plant, replicas: fleet, rampSeconds: ramp)
            .outcome(builder.finish(name: "steady"))
    }
}
