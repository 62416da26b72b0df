internal import Fleet
internal import Performance
internal import Simulation
internal import Traces

/// The clairvoyant reference: it knows every request and each start-up time, and says how many replicas there are when.
///
/// Three searches, each judged by the simulator; the cheapest schedule that reaches the target counts.
///
/// 1. The reference plant's (section 7): `N_b = max(1, ceil(f x load of bin b))` in steady units, with the smallest f that
///    reaches the target, over bins of 10, 30 and 60 s and peaks capped at 100, 85 and 70 %.
/// 2. It also knows whom not to serve in time: counts are the cheapest where a late request has a price (`LateTable`), with the
///    lowest price that reaches the target, over factors of work and patience.
/// 3. What was found is cut where that saves most for each request that would be late (`ClairvoyantCuts`), as long as the
///    target holds.
///
/// A scheduler, not a proof: a policy can come out below.
struct ClairvoyantSearch {
    static let binWidths = [10.0, 30, 60]
    static let peakCaps = [1.0, 0.85, 0.7]
    /// Bounds of the factor on the load.
    static let loadFactors = 0.25...16.0
    static let loadBisections = 10

    /// Of the fluid queue: one at the steady rate never has all of its work at once, and prefill is not all of a request.
    static let scales = [0.6, 1].flatMap { patience in
        [0.75, 0.85, 0.91, 0.97, 1.03].map { ClairvoyantDemand.Scale(work: $0, patience: patience) }
    }
    /// Bounds of the price of a late request, in replica-seconds.
    static let prices = 0.1...300.0
    static let priceBisections = 7

    /// Schedules that are cut, and simulations for each.
    static let cutSchedules = 2
    static let cutTrials = 45
    /// Failing schedules of which parts may be taken over.
    static let cutSources = 6
    /// Cuts are tried in groups; the first is this part of them.
    static let firstGroupShare = 16

    private var trials: ClairvoyantTrials
    private let demand: ClairvoyantDemand
    private let startSeconds: Double

    private init(_ study: TraceStudy) {
        trials = ClairvoyantTrials(study)
        demand = ClairvoyantDemand(study)
        startSeconds = study.options.startUp.meanSeconds
    }

    /// Accelerator-hours of the cheapest schedule that reaches the target; nil when none does.
    static func cheapest(_ study: TraceStudy) -> Double? {
        var search = ClairvoyantSearch(study)
        search.scaleLoads()
        search.priceLateness()
        search.cutTheBest()
        return search.trials.passing.first?.hours
    }

    /// Bisects on a logarithmic scale for the smallest value that reaches the target.
    private mutating func bisect(
        _ range: ClosedRange<Double>, steps: Int, counts: (Double) -> [Int],
        pricing: (Double) -> ClairvoyantTrials.Pricing?
    ) {
        var (low, high) = (range.lowerBound, range.upperBound)
        for _ in 0..<steps {
            let value = (low * high).squareRoot()
            if trials.passes(trials.run(counts(value), pricing: pricing(value)).outcome) {
                high = value
            } else {
                low = value
            }
        }
    }
}

// MARK: Counts in proportion to the load

extension ClairvoyantSearch {
    private mutating func scaleLoads() {
        let study = trials.study
        for width in ClairvoyantSearch.binWidths {
            let loads = WorkloadAnalysis.work(
                study.trace, profile: study.profile, batch: study.operatingPoint.fluidBatch, from: trials.start,
                width: width
            ).map { study.steadyUnits(workRate: $0 / width) }
            let (bins, factor) = (trials.bins, Int(width / trials.width))
            for cap in ClairvoyantSearch.peakCaps {
                bisect(ClairvoyantSearch.loadFactors, steps: ClairvoyantSearch.loadBisections) {
                    let counts = ClairvoyantSearch.counts(loads, factor: $0, cap: cap)
                    return (0..<bins).map { counts[min($0 / factor, counts.count - 1)] }
                } pricing: { _ in
                    nil
                }
            }
        }
    }

    private static func counts(_ loads: [Double], factor: Double, cap: Double) -> [Int] {
        let counts = loads.map { max(1, Int((factor * $0).rounded(.up))) }
        let peak = Int((cap * Double(counts.max() ?? 1)).rounded(.up))
        return counts.map { min($0, peak) }
    }
}

// MARK: A price for being late

extension ClairvoyantSearch {
    private mutating func priceLateness() {
        for scale in ClairvoyantSearch.scales {
            guard let table = LateTable(demand.scaled(scale), start: trials.start, width: trials.width) else {
                continue
            }
            let start = startSeconds
            let pricing = { ClairvoyantTrials.Pricing(price: $0, scale: scale) }
            let counts = { table.cheapest(price: $0, start: start) }
            let dearest = ClairvoyantSearch.prices.upperBound
            guard trials.passes(trials.run(counts(dearest), pricing: pricing(dearest)).outcome) else { continue }
            bisect(
                ClairvoyantSearch.prices, steps: ClairvoyantSearch.priceBisections, counts: counts, pricing: pricing)
        }
    }
}

// MARK: Cuts

extension ClairvoyantSearch {
    /// Cuts the cheapest schedule, and the one that is best when requests that it serves beyond the target have their price.
    private mutating func cutTheBest() {
        let passing = trials.passing
        guard let cheapest = passing.first else { return }
        let pricing =
            passing.lazy.compactMap(\.pricing).first
            ?? ClairvoyantTrials.Pricing(price: 0, scale: ClairvoyantDemand.Scale(work: 1, patience: 1))
        let target = trials.study.options.slo.attainmentTarget
        let hoursPerRequest = pricing.price / 3600 * Double(trials.study.profile.accelerators)
        let ranked = trials.sorted(passing) { trial in
            let spare = Double(trial.outcome.good) - target * Double(trial.outcome.requests)
            return trial.hours - hoursPerRequest * spare
        }
        let others = ranked.filter { $0.series != cheapest.series }
        for trial in [cheapest] + others.prefix(ClairvoyantSearch.cutSchedules - 1) {
            cut(trial, pricing: trial.pricing ?? pricing)
        }
    }

    /// Cuts until nothing more can be cut, or the trials are used up.
    private mutating func cut(_ trial: ClairvoyantTrials.Trial, pricing: ClairvoyantTrials.Pricing) {
        let demand = demand.scaled(pricing.scale)
        var best = trial
        var left = ClairvoyantSearch.cutTrials
        var isBetter = true
        while isBetter {
            let others = trials.failing(below: best.hours).prefix(ClairvoyantSearch.cutSources).map(\.counts)
            let queue = FluidQueue(demand, counts: best.counts, start: trials.start, width: trials.width)
            let cuts = ClairvoyantCuts(
                best.counts, others: others, queue: queue, width: trials.width, startSeconds: startSeconds)
            let before = best.hours
            apply(cuts, to: &best, pricing: pricing, left: &left)
            isBetter = best.hours < before && left > 0
        }
    }

    /// Tries the cuts in their order, in groups that double when they hold and are quartered when they do not.
    private mutating func apply(
        _ cuts: ClairvoyantCuts, to best: inout ClairvoyantTrials.Trial, pricing: ClairvoyantTrials.Pricing,
        left: inout Int
    ) {
        var next = 0
        var group = max(1, cuts.count / ClairvoyantSearch.firstGroupShare)
        while next < cuts.count, left > 0 {
            let end = min(next + group, cuts.count)
            let before = best.counts
            let counts = cuts.apply(next..<end, to: before)
            guard counts != before else {
                next = end
                continue
            }
            left -= 1
            let trial = trials.run(counts, pricing: pricing)
            if trials.passes(trial.outcome), trial.hours < best.hours {
                best = trial
                next = end
                group *= 2
            } else if group == 1 {
                next = end
            } else {
                group = max(1, group / 4)
            }
        }
    }
}
