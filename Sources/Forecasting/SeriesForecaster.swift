package import Fleet

/// Forecasts one series: quantiles for each step ahead, from whatever history there is.
///
/// A family of small models looks ahead side by side. At leads 1, 2, 4, ... each is judged by the pinball loss of its own
/// quantiles, and the models' quantiles are averaged with exponential weights; an adaptive level keeps the combination's coverage
/// at what it says. docs/forecasting.md has the formulas.
package struct SeriesForecaster: Hashable, Sendable, Codable {
    /// Residuals at lead one from which quantiles are given.
    package static let residualCountMin = 8
    /// Samples between two searches for seasons; sooner while the series is young.
    package static let searchSteps = 512
    /// Steps of a gap that models live through; what is longer is skipped.
    package static let gapStepsMax = 4_096

    package private(set) var clock: SampleClock
    package private(set) var family: ModelFamily
    package private(set) var buckets: [LeadBucket]
    private var binned = BinnedHistory()
    private var fast = FadingMean(steps: 20)
    private var slow = FadingMean(steps: 300)
    private var nextSearch = 32
    private var nextMedian: Double?
    /// Values taken in, gaps left out.
    package private(set) var count = 0

    /// - Parameters:
    ///   - step: the time between samples.
    ///   - stepsMax: the farthest step ahead that will be asked for, at least 1.
    ///   - covariateCount: how many values besides the series each sample brings.
    ///   - members: the models that look ahead.
    package init(
        step: Duration, stepsMax: Int, covariateCount: Int = 0, members: ModelFamily.Members = .whole
    ) {
        precondition(stepsMax > 0, "a forecast looks ahead")
        clock = SampleClock(step: step)
        family = ModelFamily(stepsMax: stepsMax, covariateCount: covariateCount, members: members)
        var leads: [Int] = []
        var lead = 1
        while lead < stepsMax {
            leads.append(lead)
            lead *= 2
        }
        buckets = (leads + [stepsMax]).map { LeadBucket(lead: $0, modelCount: members.names.count) }
    }

    package var stepsMax: Int { family.stepsMax }

    /// Takes in a sample, or a gap (nil, or not a number). A gap need not be told: what is missing between two samples is one.
    ///
    /// - Parameters:
    ///   - value: what was measured in the step that ends now; any sign.
    ///   - now: of the sample. An earlier one than before says that the clock jumped back.
    ///   - covariates: as many as were announced.
    ///   - ahead: the covariates of the steps to come, where they are known; else the latest are taken to stay.
    package mutating func append(
        _ value: Double?, at now: Instant, covariates: [Double] = [], ahead: [[Double]] = []
    ) {
        let measured = value.flatMap { $0.isFinite ? $0 : nil }
        if count == 0, measured == nil { return }
        let places = clock.advance(to: now)
        guard places > 0 else { return }
        skip(places - 1)
        if !covariates.isEmpty { family.append(measured, covariates: covariates, ahead: ahead) }
        step(measured, place: clock.place)
        if measured != nil { finish() }
    }

    /// Lives through missing samples.
    private mutating func skip(_ missing: Int) {
        guard missing > 0 else { return }
        let lived = min(missing, Self.gapStepsMax)
        for index in 0..<lived { step(nil, place: clock.place - lived + index) }
        family.look(from: clock.place - 1)
        if missing > lived { for index in buckets.indices { buckets[index].drop() } }
    }

    private mutating func step(_ measured: Double?, place: Int) {
        if let measured {
            count += 1
            for index in buckets.indices { buckets[index].judge(measured, at: place) }
            if let nextMedian {
                fast.append(abs(measured - nextMedian))
                slow.append(abs(measured - nextMedian))
            }
        }
        let expected = measured ?? nextMedian ?? family.history.value(age: 0) ?? 0
        family.append(measured, expected: expected, place: place)
        binned.append(expected)
    }

    /// What a sample makes possible: seasons, paths, and forecasts that will be judged.
    private mutating func finish() {
        let place = clock.place
        if family.members.knowsPeriods, count >= nextSearch {
            nextSearch = count + min(max(count / 2, 32), Self.searchSteps)
            let periods = SeasonFinder.periods(
                recent: family.history.latest(2_048), whole: binned, stepSeconds: clock.stepSeconds)
            family.setPeriods(periods, place: place)
        }
        family.look(from: place)
        let spread = spread
        nextMedian = nil
        for index in buckets.indices where place % buckets[index].stride == 0 {
            let issued = LeadBucket.levels.map { value(bucket: buckets[index], level: $0, spread: spread) }
            if index == 0 { nextMedian = buckets[0].count > 0 ? issued[1] : family.history.value(age: 0) }
            buckets[index].issue(
                at: place, paths: family.paths, stepsMax: stepsMax, spread: spread, issued: issued)
        }
    }

    /// How restless the series is now: how wrong forecasts were lately over how wrong they are in general, halfway to one, and
    /// within bounds.
    package var spread: Double {
        slow.value > 0 ? min(max(0.5 + 0.5 * fast.value / slow.value, 0.5), 3) : 1
    }

    private func value(bucket: LeadBucket, level: Double, spread: Double) -> Double {
        point(step: bucket.lead, weights: bucket.weights) + bucket.residual(bucket.adaptedLevel(level)) * spread
    }

    /// The median so many steps ahead, of a lead that is judged.
    package func medianAtLead(_ lead: Int) -> Double {
        guard let bucket = buckets.first(where: { $0.lead == lead }), count > 0 else { return 0 }
        return value(bucket: bucket, level: 0.5, spread: spread)
    }

    package func point(step: Int, weights: [Double]) -> Double {
        var sum = 0.0
        for model in weights.indices { sum += weights[model] * family.paths[model * stepsMax + step - 1] }
        return sum
    }
}
