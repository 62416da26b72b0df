internal import Fleet
internal import Forecasting

/// The demand as it has been and as it is expected, in steady replicas.
///
/// Where starts are slow the mean of the last minute is forecast by the whole family of models (`SeriesForecaster`): replicas
/// are planned for a level, and the chance around it is the capacity curve's. A mean of a minute smears what lasts a minute and comes
/// back on the clock (jobs every fifteen minutes): so each sample is forecast as it is too, by the models that know periods,
/// and what they expect is planned for where they are far better than a mean. Where starts are fast each sample is forecast by the
/// switching trend alone: a queue feels every second then, and a change is over before weights could be learned from it.
struct DemandOutlook: Hashable, Sendable, Codable {
    /// Time constants of the level and of the long mean at pace 1, in seconds.
    static let levelSeconds = 60.0
    static let longSeconds = 1800.0
    /// What comes back is believed where the mean weighs no more beside it: it misses two fifths more then. Periods that chance made
    /// are not as good as that.
    static let meanWeightMax = 0.02
    /// Forecasts reach so many times as far as is expected of starts: they may turn out to be slower.
    static let reach = 4.0

    /// What is expected one horizon ahead.
    struct Ahead {
        var median: Double
        /// At the quantile asked for; nil while too little is known of the forecast's errors.
        var quantile: Double?
        /// At the upper quantile; nil as above.
        var upper: Double?
    }

    private let forecastsLevel: Bool
    private var levelMean: DecayingMean
    private var halfHour: DecayingMean
    private var series: SeriesForecaster
    /// Of samples as they are; nil where starts are fast.
    private var recurring: SeriesForecaster?

    /// - Parameters:
    ///   - pace: of decisions.
    ///   - step: between two measurements.
    ///   - horizon: as it is expected.
    init(pace: DecisionPace, step: Duration, horizon: Duration) {
        forecastsLevel = !pace.isFast
        levelMean = DecayingMean(seconds: DemandOutlook.levelSeconds * pace.windows)
        halfHour = DecayingMean(seconds: DemandOutlook.longSeconds * pace.windows)
        let stepsMax = DemandOutlook.steps(horizon.seconds * DemandOutlook.reach, step)
        series = SeriesForecaster(
            step: step, stepsMax: stepsMax, members: pace.isFast ? .switchingTrend : .whole)
        recurring = pace.isFast ? nil : SeriesForecaster(step: step, stepsMax: stepsMax, members: .seasonal)
    }

    private static func steps(_ seconds: Double, _ step: Duration) -> Int {
        Int(max((seconds / step.seconds).rounded(.up), 1))
    }

    /// The mean of the last minute.
    var level: Double { levelMean.value }

    /// The mean of the last half hour.
    var longMean: Double { halfHour.value }

    /// Takes in what was measured over the time since the last call. A gap is no call: nothing is filled in.
    mutating func append(_ measured: Double, at now: Instant) {
        levelMean.append(measured, at: now)
        halfHour.append(measured, at: now)
        series.append(forecastsLevel ? level : measured, at: now)
        recurring?.append(measured, at: now)
    }

    /// - Parameters:
    ///   - horizon: from the latest measurement; what lies beyond the reach counts as that far.
    ///   - quantile: above 0 and below 1.
    ///   - upper: the same, not below `quantile`.
    /// - Returns: what is known of it; the level, without quantiles, before anything was measured.
    func ahead(_ horizon: Duration, quantile: Double, upper: Double) -> Ahead {
        let steps = min(DemandOutlook.steps(horizon.seconds, .seconds(series.clock.stepSeconds)), series.stepsMax)
        guard let step = series.forecast(steps: steps, quantiles: [quantile, upper])?.last else {
            return Ahead(median: level, quantile: nil, upper: nil)
        }
        let known = recurring(steps: steps) ?? 0
        return Ahead(
            median: max(step.mean, known), quantile: step.quantiles.first.map { max($0.value, known) },
            upper: step.quantiles.last.map { max($0.value, known) })
    }

    /// What comes back at that step; nil while no period is known, or not worth believing.
    private func recurring(steps: Int) -> Double? {
        guard let recurring, !recurring.family.periods.isEmpty,
            let mean = recurring.weight(of: "mean", steps: steps), mean <= DemandOutlook.meanWeightMax
        else { return nil }
        return recurring.forecast(steps: steps, quantiles: [])?.steps.last?.mean
    }
}
