internal import Fleet
internal import Forecasting
internal import Reports

/// A forecast with its scores, ready to be shown.
struct ForecastReport {
    /// What was forecast at a moment of the past.
    struct Origin {
        /// Samples known then.
        var known: Int
        /// Per step ahead, one value per level; empty rows while too little was known.
        var quantiles: [[Double]]
    }

    struct Score {
        var name: String
        /// Nil when nothing could be compared.
        var scaledLoss: Double?
        /// Per level.
        var coverage: [Double]
    }

    var series: ForecastSeries
    var levels: [Double]
    var forecast: Forecast
    /// In steps.
    var periods: [Int]
    var origins: [Origin]
    var scores: [Score]
    /// Of a trace that tells lengths.
    var load: WorkloadForecaster.Answer?
    var updateSeconds: Double
    var forecastSeconds: Double

    /// Sentences for people: the file's and our own.
    var notes: [String] {
        var notes = series.notes
        if forecast.last.quantiles.isEmpty {
            notes.append("Too few samples for quantiles: they need some errors of past forecasts.")
        }
        if scores.isEmpty { notes.append("The series is too short to score forecasts on its past.") }
        return notes
    }

    /// A table: a row per step.
    var csv: String {
        let head = (["time_s", "mean"] + levels.map { "q\($0)" }).joined(separator: ",")
        let rows = forecast.steps.map { step in
            let known = step.quantiles.map { "\($0.value)" }
            let values = known.isEmpty ? levels.map { _ in "" } : known
            return (["\(step.at.seconds)", "\(step.mean)"] + values).joined(separator: ",")
        }
        return ([head] + rows).joined(separator: "\n") + "\n"
    }

    var json: String { page.json }
    var html: String { page.html }

    private var page: ForecastPage {
        ForecastPage(
            name: series.name, measure: series.measure, startSeconds: series.startSeconds,
            stepSeconds: series.stepSeconds, values: series.values, levels: levels, forecast: forecast,
            periodSeconds: periods.map { Double($0) * series.stepSeconds },
            scores: scores.map { .init(name: $0.name, scaledLoss: $0.scaledLoss, coverage: $0.coverage) },
            origins: origins.map { .init(known: $0.known, quantiles: $0.quantiles) }, notes: notes,
            updateSeconds: updateSeconds, forecastSeconds: forecastSeconds,
            load: load.map {
                [
                    ("prompt_tokens_per_s", $0.promptTokensPerSecond),
                    ("output_tokens_per_s", $0.outputTokensPerSecond),
                ]
            } ?? [])
    }
}
