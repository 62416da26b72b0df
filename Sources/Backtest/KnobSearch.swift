internal import Fleet
internal import Simulation

/// Searches a policy's main knob so that the attainment target is just reached on the very trace that is scored.
///
/// Attainment is taken to grow with the knob. Tuned figures are therefore optimistic; untuned ones are what a user gets.
package struct KnobSearch: Sendable {
    /// The knob is searched between 1 over this and this.
    static let largestKnob = 64.0
    /// Growth of the knob while the target is bracketed.
    static let step = 1.6
    /// Bisections once it is: the knob is then known to 0.4 %.
    static let bisections = 7

    private let study: TraceStudy
    private let policy: String
    private let seeds: [UInt64]

    /// - Parameters:
    ///   - study: the trace, with its references.
    ///   - policy: a name of the catalogue.
    ///   - seeds: the attainment is the mean over them; at least one.
    package init(_ study: TraceStudy, policy: String, seeds: [UInt64]) {
        precondition(!seeds.isEmpty, "a search needs a seed")
        self.study = study
        self.policy = policy
        self.seeds = seeds
    }

    /// A setting with its runs, one a seed.
    private struct Trial {
        var knob: Double
        var runs: [BacktestRun]
        var attainment: Double
    }

    /// The runs of the cheapest setting tried that reaches the target, or, when none does, of the one that comes nearest.
    package func runs() throws -> [BacktestRun] {
        let target = study.options.slo.attainmentTarget
        var failing: Double?
        var reaching: Double?
        var candidates: [Trial] = []
        func note(_ trial: Trial) {
            candidates.append(trial)
            if trial.attainment >= target { reaching = trial.knob } else { failing = trial.knob }
        }
        note(try trial(1))
        while reaching == nil, let knob = failing, knob < KnobSearch.largestKnob {
            note(try trial(knob * KnobSearch.step))
        }
        while failing == nil, let knob = reaching, knob > 1 / KnobSearch.largestKnob {
            note(try trial(knob / KnobSearch.step))
        }
        for _ in 0..<KnobSearch.bisections {
            guard let low = failing, let high = reaching else { break }
            note(try trial((low * high).squareRoot()))
        }
        return KnobSearch.better(candidates, target: target).runs.map {
            var run = $0
            run.isTuned = true
            return run
        }
    }

    /// The cheapest that reaches the target, else the one with the highest attainment, the smaller knob first.
    private static func better(_ trials: [Trial], target: Double) -> Trial {
        let ordered = trials.sorted { $0.knob < $1.knob }
        if let reached = ordered.filter({ $0.attainment >= target }).min(by: { hours($0) < hours($1) }) {
            return reached
        }
        guard let nearest = ordered.max(by: { $0.attainment < $1.attainment }) else {
            preconditionFailure("a search makes at least one trial")
        }
        return nearest
    }

    private static func hours(_ trial: Trial) -> Double {
        trial.runs.reduce(0) { $0 + $1.outcome.acceleratorHours }
    }

    private func trial(_ knob: Double) throws -> Trial {
        let runs = try seeds.map { try study.run(policy, knob: knob, seed: $0) }
        let attainment = runs.reduce(0) { $0 + $1.outcome.attainment } / Double(runs.count)
        return Trial(knob: knob, runs: runs, attainment: attainment)
    }
}
