internal import Fleet
internal import Performance
internal import Policies
internal import Simulation
internal import Traces

/// The smallest constant fleet that reaches the target on this very trace (reference plant, section 7).
struct StaticFleetSearch {
    private let study: TraceStudy

    init(_ study: TraceStudy) {
        self.study = study
    }

    /// Fleets above this are not tried: four times the busiest minute's load, and eight more.
    var largest: Int {
        let bins = WorkloadAnalysis.work(
            study.trace, profile: study.profile, batch: study.operatingPoint.fluidBatch,
            from: study.options.measureFrom, width: 60)
        let peak = study.steadyUnits(workRate: (bins.max() ?? 0) / 60)
        return 8 + Int((4 * peak).rounded(.up))
    }

    /// Doubles until the target is reached, then bisects: attainment grows with the fleet.
    func smallest() -> (replicas: Int, outcome: SimulationOutcome)? {
        var size = max(study.options.bounds.min, 1)
        var failing = size - 1
        var best = outcome(size)
        while best.attainment < study.options.slo.attainmentTarget {
            guard size < largest else { return nil }
            failing = size
            size = min(size * 2, largest)
            best = outcome(size)
        }
        while size - failing > 1 {
            let middle = (failing + size) / 2
            let trial = outcome(middle)
            if trial.attainment >= study.options.slo.attainmentTarget {
                (size, best) = (middle, trial)
            } else {
                failing = middle
            }
        }
        return (size, best)
    }

    func outcome(_ replicas: Int) -> SimulationOutcome {
        var options = study.options
        options.initialReady = replicas
        return Simulator(
            trace: study.trace, profile: study.profile, policy: StaticPolicy(replicas: replicas), options: options
        )
        .run().outcome
    }
}
