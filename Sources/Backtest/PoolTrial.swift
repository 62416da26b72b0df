internal import Fleet
package import Performance
internal import Sampling
package import Simulation
package import Traces

/// Runs a pool of constant size under a constant rate: what the capacity formula is checked against.
package struct PoolTrial: Sendable {
    /// Seconds of arrivals before those that are measured: a trial starts empty.
    static let rampSeconds = 120.0
    /// Requests of the ramp, at most: six lives, where each of 128 replicas serves 256 at once.
    static let rampRequests = 200_000.0
    /// Seconds that are measured.
    package static let seconds = 300.0 ... .infinity

    private let lengths: Trace
    private let profile: PerformanceProfile
    private let plant: SimulationOptions

    /// - Parameters:
    ///   - lengths: rows are drawn from it; not empty.
    ///   - profile: of each replica.
    ///   - plant: its objective, binding and dispatch hold.
    package init(lengths: Trace, profile: PerformanceProfile, plant: SimulationOptions) {
        precondition(!lengths.isEmpty, "a trial draws requests from others")
        self.lengths = lengths
        self.profile = profile
        self.plant = plant
    }

    /// Serves gamma-distributed gaps, rows drawn independently.
    ///
    /// - Parameters:
    ///   - rate: requests per second of the whole pool, above 0.
    ///   - dispersion: variance over squared mean of the gaps, above 0; 1 is Poisson.
    ///   - replicas: of the pool, at least 1.
    ///   - requests: that are measured, about.
    ///   - seconds: bounds of the time that they are measured for.
    ///   - seed: of gaps and rows.
    /// - Returns: what came of those that arrived after the ramp.
    package func outcome(
        rate: Double, dispersion: Double, replicas: Int, requests: Int,
        seconds: ClosedRange<Double> = PoolTrial.seconds, seed: UInt64
    ) -> SimulationOutcome {
        var gaps = SeededGenerator(seed: seed, stream: 20)
        var rows = SeededGenerator(seed: seed, stream: 21)
        var builder = TraceBuilder(columns: lengths.columns, workloadNames: lengths.workloadNames)
        let ramp = min(Self.rampSeconds, Self.rampRequests / rate)
        let end = ramp + min(max(Double(requests) / rate, seconds.lowerBound), seconds.upperBound)
        var time = 0.0
        while true {
            time += gaps.gamma(shape: 1 / dispersion, scale: dispersion / rate)
            guard time < end else { break }
            var request = lengths.request(Int.random(in: 0..<lengths.count, using: &rows))
            request.row.arrival = time
            builder.append(request)
        }
        guard builder.count > 0 else { return SimulationOutcome() }
        return ConstantFleetRun(profile: profile, plant: plant, replicas: replicas, rampSeconds: ramp)
            .outcome(builder.finish(name: "pool"))
    }
}
