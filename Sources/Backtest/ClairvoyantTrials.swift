internal import Fleet
internal import Policies
internal import Simulation
internal import Traces

/// Runs the clairvoyant's schedules, and remembers what came of them.
struct ClairvoyantTrials {
    /// Widths of a schedule's bins in seconds: divisors of `ClairvoyantSearch.binWidths`.
    static let widths = [1.0, 2, 5, 10]
    /// The narrowest width is taken that gives no more bins than this: a second for three and a half days.
    static let binsMax = 300_000.0

    struct Trial {
        var series: ReplicaSeries
        var outcome: SimulationOutcome
        /// How its counts were found, where they were found with a price.
        var pricing: Pricing?

        var counts: [Int] { series.counts }
        var hours: Double { outcome.acceleratorHours }
    }

    /// What a late request cost, in replica-seconds, and how the demand was scaled.
    struct Pricing {
        var price: Double
        var scale: ClairvoyantDemand.Scale
    }

    let study: TraceStudy
    /// Seconds at which the first bin begins, width and number of bins.
    let start: Double
    let width: Double
    let bins: Int
    private var trials: [Trial] = []
    private var known: [ReplicaSeries: Int] = [:]

    init(_ study: TraceStudy) {
        self.study = study
        let start = min(study.trace.firstArrival.rounded(.down), study.options.measureFrom, 0)
        let seconds = study.trace.lastArrival - start
        self.start = start
        width = Self.widths.first { seconds / $0 < Self.binsMax } ?? Self.widths[Self.widths.count - 1]
        bins = Int(seconds / width) + 1
    }

    /// Those that reach the target, the cheapest first.
    var passing: [Trial] {
        sorted(trials.filter { passes($0.outcome) }) { $0.hours }
    }

    /// Those that are cheaper but do not, the best served first.
    func failing(below hours: Double) -> [Trial] {
        sorted(trials.filter { $0.hours < hours && !passes($0.outcome) }) { -$0.outcome.attainment }
    }

    func passes(_ outcome: SimulationOutcome) -> Bool { outcome.attainment >= study.options.slo.attainmentTarget }

    /// Sorts by a key; of equal ones, the earlier trial first.
    func sorted(_ trials: [Trial], by key: (Trial) -> Double) -> [Trial] {
        trials.enumerated().map { (key: key($0.element), offset: $0.offset, trial: $0.element) }
            .sorted { ($0.key, $0.offset) < ($1.key, $1.offset) }
            .map(\.trial)
    }

    /// Simulates a schedule, unless it was before.
    ///
    /// - Parameters:
    ///   - counts: one for each bin, at least 1.
    ///   - pricing: how they were found; the first time counts.
    /// - Returns: the trial, with its outcome.
    mutating func run(_ counts: [Int], pricing: Pricing?) -> Trial {
        let series = ReplicaSeries(counts)
        if let index = known[series] { return trials[index] }
        let trial = Trial(series: series, outcome: simulate(counts), pricing: pricing)
        known[series] = trials.count
        trials.append(trial)
        return trial
    }

    private func simulate(_ counts: [Int]) -> SimulationOutcome {
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
