package import Fleet

/// Forecasts a rate one horizon ahead: a level, a trend, the shape of a day, and how wrong it was lately.
///
/// - Level and trend come from two exponential means of different age. On a ramp each lags by its own time constant, so
///   the difference of the two over the difference of their constants is the slope (Brown's double smoothing, with time
///   constants in place of factors, so that gaps in the data need no filling).
/// - The shape of the day, once one was seen, gives a second forecast: level + what the same stretch of the day brought
///   before. Whichever missed by less lately is used.
/// - Each forecast is compared with what came; the quantile of those residuals is the width (split conformal: rank
///   `ceil((n + 1) q)` of n).
package struct DemandForecaster: Hashable, Sendable, Codable {
    /// Time constants of the two means at pace 1, in seconds.
    package static let levelSeconds = 60.0
    package static let trendSeconds = 360.0
    /// Residuals kept: 30 minutes at one every 10 s.
    package static let residualCount = 180
    /// Residuals from which their quantile is believed.
    package static let residualCountMin = 30
    /// Weight of the latest miss in the mean miss of a model.
    package static let missWeight = 0.02

    private struct Pending: Hashable, Sendable, Codable {
        var due: Instant
        var byTrend: Double
        var bySeason: Double?
        var issued: Double
    }

    private let quantile: Double
    private let levelSeconds: Double
    private let trendSeconds: Double
    private var level: DecayingMean
    private var slow: DecayingMean
    private var season: SeasonalProfile
    private var pending: [Pending] = []
    private var residuals: [Double] = []
    private var trendMiss = 0.0
    private var seasonMiss = 0.0

    /// - Parameters:
    ///   - quantile: share of forecasts that the excess should cover, above 0 and below 1.
    ///   - period: of the season; a day unless known otherwise.
    ///   - pace: multiplies the time constants, above 0; less follows faster, and is noisier.
    package init(quantile: Double, period: Duration = .seconds(86_400), pace: Double = 1) {
        precondition(quantile > 0 && quantile < 1, "a quantile lies between 0 and 1")
        precondition(pace > 0, "a pace is above zero")
        self.quantile = quantile
        levelSeconds = DemandForecaster.levelSeconds * pace
        trendSeconds = DemandForecaster.trendSeconds * pace
        level = DecayingMean(seconds: levelSeconds)
        slow = DecayingMean(seconds: trendSeconds)
        season = SeasonalProfile(period: period)
    }

    /// Takes in what was measured over the time since the last call. A gap is no call: nothing is filled in.
    ///
    /// - Parameters:
    ///   - measured: zero or more.
    ///   - now: later than before.
    package mutating func append(_ measured: Double, at now: Instant) {
        level.append(measured, at: now)
        slow.append(measured, at: now)
        season.append(level.value, at: now)
        judge(at: now)
    }

    /// The forecast for one horizon from `now`, which is the instant of the last measurement: one step.
    ///
    /// - Parameters:
    ///   - now: the instant of the last measurement.
    ///   - horizon: how far ahead.
    /// - Returns: in the unit of what was measured. The quantile covers as many of the latest forecasts as it should have;
    ///   it is left out while too few are known.
    package mutating func forecast(at now: Instant, horizon: Duration) -> Forecast {
        let byTrend = trendForecast(horizon)
        let change = season.change(from: now, to: now + horizon)
        let bySeason = change.map { max(level.value + $0, 0) }
        let issued = seasonMiss < trendMiss ? bySeason ?? byTrend : byTrend
        pending.append(Pending(due: now + horizon, byTrend: byTrend, bySeason: bySeason, issued: issued))
        let quantiles = excess.map { [Forecast.Quantile(level: quantile, value: issued + $0)] } ?? []
        return Forecast(
            issuedAt: now, steps: [Forecast.Step(at: now + horizon, mean: issued, quantiles: quantiles)])
    }

    /// A fall is not continued: it costs little to wait for it.
    private func trendForecast(_ horizon: Duration) -> Double {
        let slope = (level.value - slow.value) / (trendSeconds - levelSeconds)
        return level.value + max(slope, 0) * (levelSeconds + horizon.seconds)
    }

    /// Compares the forecasts that are due with the level now. Until a season is known its miss is that of the trend.
    private mutating func judge(at now: Instant) {
        // A horizon that shrank may have put a later forecast before an earlier one.
        let due = pending.filter { $0.due <= now }
        pending.removeAll { $0.due <= now }
        for forecast in due {
            let weight = DemandForecaster.missWeight
            let miss = abs(level.value - forecast.byTrend)
            trendMiss += weight * (miss - trendMiss)
            seasonMiss += weight * ((forecast.bySeason.map { abs(level.value - $0) } ?? miss) - seasonMiss)
            residuals.append(level.value - forecast.issued)
            if residuals.count > DemandForecaster.residualCount { residuals.removeFirst() }
        }
    }

    private var excess: Double? {
        guard residuals.count >= DemandForecaster.residualCountMin else { return nil }
        let rank = Int((Double(residuals.count + 1) * quantile).rounded(.up))
        return residuals.sorted()[min(rank, residuals.count) - 1]
    }
}
