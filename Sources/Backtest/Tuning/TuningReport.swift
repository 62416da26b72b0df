package import Policies

/// A search for settings: what was tried, what came of it, and what is kept.
package struct TuningReport: Sendable {
    /// Settings that were tried, with what they brought.
    package struct Candidate: Sendable {
        package let settings: TidewaySettings
        /// A run per seed.
        package let runs: [TuningMeasurement]

        package var mean: TuningMeasurement { TuningMeasurement(meanOf: runs) }
    }

    /// In words: names, requests, lengths of time.
    package var subject: String
    /// `tideway` or `tideway+slo`.
    package var policy: String
    package var parameters: [TidewayParameter]
    package var attainmentTarget: Double
    /// All that were tried; the first is the default.
    package let candidates: [Candidate]
    /// Those measured with every seed and beaten by no other, the cheapest first.
    package let curve: [Int]
    /// The best of those measured with every seed.
    package let chosen: Int
    /// What the chosen settings are worth on traffic that was held out; nil when none was, or when the default was chosen.
    package var heldOut: HeldOutComparison?
    /// What was simulated.
    package var plant: [(name: String, value: String)] = []
    /// Sentences that a reader must know.
    package var notes: [String] = []

    /// - Parameters:
    ///   - search: that is over.
    ///   - settings: by candidate.
    ///   - policy: that was searched.
    ///   - parameters: that were varied.
    ///   - target: attainment that was to be reached.
    ///   - subject: the traffic, in words.
    package init(
        _ search: SuccessiveHalving, settings: [TidewaySettings], policy: String, parameters: [TidewayParameter],
        target: Double, subject: String
    ) {
        precondition(search.isOver && settings.count == search.measurements.count, "the search is not over")
        candidates = zip(settings, search.measurements).map { Candidate(settings: $0, runs: $1) }
        curve = search.curve
        chosen = search.ranking[0]
        self.policy = policy
        self.parameters = parameters
        attainmentTarget = target
        self.subject = subject
    }

    /// Why the kept settings are what they are.
    package enum Verdict: String, Hashable, Sendable {
        /// No candidate was better than the default.
        case defaultIsBest = "default_is_best"
        /// The chosen settings are not better on what was held out, so the default is kept.
        case refused
        /// They are better there too.
        case confirmed
        /// Nothing was held out.
        case unconfirmed
    }

    package var verdict: Verdict {
        if chosen == 0 { return .defaultIsBest }
        guard let heldOut else { return .unconfirmed }
        return heldOut.isBetter ? .confirmed : .refused
    }

    /// The place of what is written to a file.
    package var kept: Int { verdict == .refused ? 0 : chosen }

    /// Runs on the searched traffic.
    package var runCount: Int { candidates.reduce(0) { $0 + $1.runs.count } }
}
