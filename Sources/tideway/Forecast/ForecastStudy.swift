internal import Fleet
internal import Forecasting

/// Runs a forecaster over a series, and scores what it said at origins of the past.
struct ForecastStudy {
    let series: ForecastSeries
    let steps: Int
    let levels: [Double]
    let originCount: Int

    func run() -> ForecastReport {
        let values = series.values
        let cuts = RollingOrigin.origins(sampleCount: values.count, steps: steps, number: originCount)
        var forecaster = SeriesForecaster(
            step: .seconds(series.stepSeconds), stepsMax: steps,
            covariateCount: series.covariateCount + series.calendarCount)
        var origins: [ForecastReport.Origin] = []
        var next = 0
        var spent = Duration.zero
        let clock = ContinuousClock()
        for index in values.indices {
            spent += clock.measure { append(index, to: &forecaster) }
            guard next < cuts.count, index + 1 == cuts[next] else { continue }
            next += 1
            if let forecast = forecaster.forecast(steps: steps, quantiles: levels) {
                origins.append(.init(known: index + 1, quantiles: forecast.steps.map { $0.quantiles.map(\.value) }))
            }
        }
        let forecast = forecaster.forecast(steps: steps, quantiles: levels)
        guard let forecast else { preconditionFailure("a series has a value") }
        return ForecastReport(
            series: series, levels: levels, forecast: forecast, periods: forecaster.family.periods, origins: origins,
            scores: scores(origins, period: forecaster.family.periods.last),
            load: load(), updateSeconds: spent.seconds / Double(values.count),
            forecastSeconds: Self.time(forecaster, steps, levels))
    }

    private func append(_ index: Int, to forecaster: inout SeriesForecaster) {
        let at = Instant(seconds: series.startSeconds + Double(index) * series.stepSeconds)
        guard !series.covariates.isEmpty else { return forecaster.append(series.values[index], at: at) }
        let now = series.covariates[index]
        let held = now.prefix(series.covariateCount)
        let following = series.covariates.indices.clamped(to: index + 1..<index + 1 + steps)
        // Nobody knows the covariates ahead; the calendar is known as far as the file has it.
        let ahead = series.calendarCount > 0 ? following.map { held + series.covariates[$0].dropFirst(held.count) } : []
        forecaster.append(series.values[index], at: at, covariates: now, ahead: ahead.map { Array($0) })
    }

    /// What a trace brings in tokens: rate and lengths forecast together.
    private func load() -> WorkloadForecaster.Answer? {
        guard !series.tokens.isEmpty else { return nil }
        var forecaster = WorkloadForecaster(step: .seconds(series.stepSeconds), stepsMax: steps)
        for (index, tokens) in series.tokens.enumerated() {
            forecaster.append(
                .init(
                    requestsPerSecond: series.values[index] ?? 0, promptTokens: tokens?.prompt,
                    outputTokens: tokens?.output),
                at: Instant(seconds: series.startSeconds + Double(index) * series.stepSeconds))
        }
        return forecaster.forecast(steps: steps, quantiles: levels)
    }

    /// The mean of some forecasts one after the other.
    private static func time(_ forecaster: SeriesForecaster, _ steps: Int, _ levels: [Double]) -> Double {
        let count = 20
        let spent = ContinuousClock().measure {
            for _ in 0..<count { _ = forecaster.forecast(steps: steps, quantiles: levels) }
        }
        return spent.seconds / Double(count)
    }

    private func scores(_ origins: [ForecastReport.Origin], period: Int?) -> [ForecastReport.Score] {
        guard let first = origins.first else { return [] }
        let scale = RollingOrigin.scale(Array(series.values.prefix(first.known)))
        var rows = [score("tideway", origins, scale: scale) { $0.quantiles }]
        rows.append(score("last value", origins, scale: scale) { naive($0.known, period: nil) })
        if let period {
            rows.append(score("value a period ago", origins, scale: scale) { naive($0.known, period: period) })
        }
        return rows
    }

    private func naive(_ known: Int, period: Int?) -> [[Double]] {
        let wanted = NaiveForecast.residualsMax + 2 * steps + 2 * (period ?? 0)
        let history = Array(series.values.prefix(known).suffix(wanted))
        return NaiveForecast.quantiles(history, period: period, steps: steps, levels: levels) ?? []
    }

    private func score(
        _ name: String, _ origins: [ForecastReport.Origin], scale: Double,
        quantiles: (ForecastReport.Origin) -> [[Double]]
    ) -> ForecastReport.Score {
        var score = QuantileScore(levels: levels)
        for origin in origins {
            for (step, row) in quantiles(origin).enumerated() where row.count == levels.count {
                guard origin.known + step < series.values.count, let measured = series.values[origin.known + step]
                else {
                    continue
                }
                score.add(row, measured: measured)
            }
        }
        return ForecastReport.Score(name: name, scaledLoss: score.loss.map { $0 / scale }, coverage: score.coverage)
    }
}
