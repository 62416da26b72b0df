internal import Fleet
internal import Performance
internal import Policies
internal import Simulation
internal import Traces

/// The clairvoyant reference: it knows each bin's work and each start-up time (reference plant, section 7).
///
/// `N_b = max(1, ceil(f x load of bin b))` in steady units, with the smallest f that reaches the target; the cheapest over
/// bins of 10, 30 and 60 s and peaks capped at 100, 85 and 70 %. A scheduler, not a proof: a policy can come out below.
struct ClairvoyantSearch {
    static let binWidths = [10.0, 30, 60]
    static let peakCaps = [1.0, 0.85, 0.7]
    /// Factors beyond this are not tried.
    static let largestFactor = 16.0
    static let bisections = 10

    private let study: TraceStudy
    private let start: Double

    init(_ study: TraceStudy) {
        self.study = study
        start = min(study.trace.firstArrival.rounded(.down), study.options.measureFrom, 0)
    }

    /// Accelerator-hours of the cheapest schedule that reaches the target; nil when none does.
    func cheapest() -> Double? {
        var best: Double?
        for width in ClairvoyantSearch.binWidths {
            var known: [[Int]: SimulationOutcome] = [:]
            let bins = WorkloadAnalysis.work(
                study.trace, profile: study.profile, batch: study.operatingPoint.fluidBatch, from: start, width: width
            ).map { study.steadyUnits(workRate: $0 / width) }
            for cap in ClairvoyantSearch.peakCaps {
                guard let hours = smallestFactorHours(bins, width: width, cap: cap, &known) else { continue }
                best = best.map { min($0, hours) } ?? hours
            }
        }
        return best
    }

    /// Bisects the factor on a logarithmic scale. Factors that give counts already known are not simulated again.
    private func smallestFactorHours(
        _ bins: [Double], width: Double, cap: Double, _ known: inout [[Int]: SimulationOutcome]
    ) -> Double? {
        var low = 0.25
        var high = ClairvoyantSearch.largestFactor
        var best: Double?
        for _ in 0..<ClairvoyantSearch.bisections {
            let factor = (low * high).squareRoot()
            let counts = counts(bins, factor: factor, cap: cap)
            let outcome = known[counts] ?? simulate(counts, width: width)
            known[counts] = outcome
            if outcome.attainment >= study.options.slo.attainmentTarget {
                best = outcome.acceleratorHours
                high = factor
            } else {
                low = factor
            }
        }
        return best
    }

    private func counts(_ bins: [Double], factor: Double, cap: Double) -> [Int] {
        let counts = bins.map { max(1, Int((factor * $0).rounded(.up))) }
        let peak = Int((cap * Double(counts.max() ?? 1)).rounded(.up))
        return counts.map { min($0, peak) }
    }

    private func simulate(_ counts: [Int], width: Double) -> SimulationOutcome {
        let schedule = ClairvoyantSchedule(
            counts: counts, width: width, start: start, startUp: study.options.startUp, seed: study.options.seed)
        var options = study.options
        options.initialReady = schedule.initialReady
        options.startUpTimes = schedule.startUpTimes
        options.bounds = ReplicaBounds(min: 1, max: Int(Int32.max))
        return Simulator(
            trace: study.trace, profile: study.profile, policy: SchedulePolicy(steps: schedule.steps), options: options
        ).run().outcome
    }
}
