package import Fleet

/// Forecasts a rate one horizon ahead: a level, a trend, the shape of a day, and how wrong it was lately.
///
/// - A family of small models: the means of the last minute, the last six minutes and the last half hour; each of the first
///   two with its trend; and the first two with the change that the same stretch of the day brought before. On a ramp two
///   exponential means of different age lag by their own time constants, so the difference of the two over the difference of
///   their constants is the slope (Brown's double smoothing, with time constants in place of factors, so that gaps in the
///   data need no filling).
/// - Whichever missed by least lately is used. Where nothing can be foreseen, that is the mean of the last half hour: a burst
///   is not taken for a new level.
/// - Each forecast is compared with what came; the quantile of those residuals is the width (split conformal: rank
///   `ceil((n + 1) q)` of n).
package struct DemandForecaster: Hashable, Sendable, Codable {
    /// Time constants of the means at pace 1, in seconds.
    package static let meanSeconds = [60.0, 360, 1800]
    /// Residuals kept: 30 minutes at one every 10 s.
    package static let residualCount = 180
    /// Residuals from which their quantile is believed.
    package static let residualCountMin = 30
    /// Weight of the latest miss in the mean miss of a model.
    package static let missWeight = 0.02

    private struct Pending: Hashable, Sendable, Codable {
        var due: Instant
        /// Nil where a model does not know yet.
        var byModel: [Double?]
        var issued: Double
    }

    private let pace: Double
    private var means: [DecayingMean]
    private var season: SeasonalProfile
    private var pending: [Pending] = []
    private var residuals: [Double] = []
    /// Mean miss of each model, in the order of `forecasts`.
    private var misses = [Double](repeating: 0, count: 7)
    /// What was forecast for the last measurement, one horizon before it; nil until then.
    package private(set) var foreseen: Double?

    /// - Parameters:
    ///   - period: of the season; a day unless known otherwise.
    ///   - pace: multiplies the time constants, above 0; less follows faster, and is noisier.
    package init(period: Duration = .seconds(86_400), pace: Double = 1) {
        precondition(pace > 0, "a pace is above zero")
        self.pace = pace
        means = DemandForecaster.meanSeconds.map { DecayingMean(seconds: $0 * pace) }
        season = SeasonalProfile(period: period)
    }

    /// Takes in what was measured over the time since the last call. A gap is no call: nothing is filled in.
    ///
    /// - Parameters:
    ///   - measured: zero or more.
    ///   - now: later than before.
    package mutating func append(_ measured: Double, at now: Instant) {
        for index in means.indices { means[index].append(measured, at: now) }
        season.append(level, at: now)
        judge(at: now)
    }

    /// The mean of the last minute.
    package var level: Double { means[0].value }

    /// The mean of the last half hour.
    package var longMean: Double { means[2].value }

    /// The forecast for one horizon from `now`, which is the instant of the last measurement: one step.
    ///
    /// - Parameters:
    ///   - now: the instant of the last measurement.
    ///   - horizon: how far ahead.
    ///   - quantile: share of forecasts that the quantile should cover, above 0 and below 1.
    /// - Returns: in the unit of what was measured. The quantile covers as many of the latest forecasts as it should have;
    ///   it is left out while too few are known.
    package mutating func forecast(at now: Instant, horizon: Duration, quantile: Double) -> Forecast {
        let byModel = forecasts(from: now, horizon)
        let issued = best(byModel)
        pending.append(Pending(due: now + horizon, byModel: byModel, issued: issued))
        let quantiles = excess(quantile).map { [Forecast.Quantile(level: quantile, value: issued + $0)] } ?? []
        return Forecast(
            issuedAt: now, steps: [Forecast.Step(at: now + horizon, mean: issued, quantiles: quantiles)])
    }

    private func forecasts(from now: Instant, _ horizon: Duration) -> [Double?] {
        let change = season.change(from: now, to: now + horizon)
        return [trend(0, horizon), trend(1, horizon)] + means.map(\.value)
            + [0, 1].map { index in change.map { max(means[index].value + $0, 0) } }
    }

    /// A fall is not continued: it costs little to wait for it.
    private func trend(_ index: Int, _ horizon: Duration) -> Double {
        let (short, long) = (DemandForecaster.meanSeconds[index] * pace, DemandForecaster.meanSeconds[index + 1] * pace)
        let slope = (means[index].value - means[index + 1].value) / (long - short)
        return means[index].value + max(slope, 0) * (short + horizon.seconds)
    }

    private func best(_ byModel: [Double?]) -> Double {
        var best = 0
        for index in byModel.indices where byModel[index] != nil && misses[index] < misses[best] { best = index }
        return byModel[best] ?? level
    }

    /// Compares forecasts with what came. The level lags by its time constant, so it is asked that much later. Until a season is
    /// known its miss is that of the trend.
    private mutating func judge(at now: Instant) {
        if let latest = pending.last(where: { $0.due <= now }) { foreseen = latest.issued }
        let lag = Duration.seconds(DemandForecaster.meanSeconds[0] * pace)
        // A horizon that shrank may have put a later forecast before an earlier one.
        let due = pending.filter { $0.due + lag <= now }
        pending.removeAll { $0.due + lag <= now }
        for forecast in due {
            let weight = DemandForecaster.missWeight
            for (index, value) in forecast.byModel.enumerated() {
                let miss = abs(level - (value ?? forecast.byModel[0] ?? level))
                misses[index] += weight * (miss - misses[index])
            }
            residuals.append(level - forecast.issued)
            if residuals.count > DemandForecaster.residualCount { residuals.removeFirst() }
        }
    }

    private func excess(_ quantile: Double) -> Double? {
        precondition(quantile > 0 && quantile < 1, "a quantile lies between 0 and 1")
        guard residuals.count >= DemandForecaster.residualCountMin else { return nil }
        let rank = Int((Double(residuals.count + 1) * quantile).rounded(.up))
        return residuals.sorted()[min(rank, residuals.count) - 1]
    }
}
