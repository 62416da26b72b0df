package import Fleet

/// A forecast as JSON, and as one page that opens from a file, without a network.
package struct ForecastPage: Sendable {
    /// How good such forecasts were on the past.
    package struct Score: Sendable {
        package var name: String
        package var scaledLoss: Double?
        package var coverage: [Double]

        package init(name: String, scaledLoss: Double?, coverage: [Double]) {
            (self.name, self.scaledLoss, self.coverage) = (name, scaledLoss, coverage)
        }
    }

    /// What was forecast when only so many samples were known.
    package struct Origin: Sendable {
        package var known: Int
        package var quantiles: [[Double]]

        package init(known: Int, quantiles: [[Double]]) { (self.known, self.quantiles) = (known, quantiles) }
    }

    private let name: String
    private let measure: String
    private let startSeconds: Double
    private let stepSeconds: Double
    private let values: [Double?]
    private let levels: [Double]
    private let forecast: Forecast
    private let periodSeconds: [Double]
    private let scores: [Score]
    private let origins: [Origin]
    private let notes: [String]
    private let updateSeconds: Double
    private let forecastSeconds: Double
    private let load: [(name: String, forecast: Forecast)]

    /// Samples before the forecast that the page's chart shows at most.
    package static let pastMax = 4_000

    package init(
        name: String, measure: String, startSeconds: Double, stepSeconds: Double, values: [Double?], levels: [Double],
        forecast: Forecast, periodSeconds: [Double], scores: [Score], origins: [Origin], notes: [String],
        updateSeconds: Double, forecastSeconds: Double, load: [(name: String, forecast: Forecast)]
    ) {
        self.name = name
        self.measure = measure
        self.startSeconds = startSeconds
        self.stepSeconds = stepSeconds
        self.values = values
        self.levels = levels
        self.forecast = forecast
        self.periodSeconds = periodSeconds
        self.scores = scores
        self.origins = origins
        self.notes = notes
        self.updateSeconds = updateSeconds
        self.forecastSeconds = forecastSeconds
        self.load = load
    }

    /// The document of `--json`.
    package var json: String {
        JSONValue.object(
            head + [
                ("load", .object(load.map { ($0.name, .array($0.forecast.steps.map(Self.value))) })),
                ("origins", .array(origins.map(Self.value))),
                ("update_s", .number(updateSeconds)), ("forecast_s", .number(forecastSeconds)),
            ]
        ).compactText + "\n"
    }

    /// The whole page.
    package var html: String {
        var data = head
        let past = values.suffix(Self.pastMax)
        data.append(("past", .array(past.map(JSONValue.optional))))
        data.append(("past_start_s", .number(startSeconds + Double(values.count - past.count) * stepSeconds)))
        return PageTemplate(
            kind: "forecast", body: PackageResources.forecast_html, script: PackageResources.forecast_js
        ).filled(.object(data))
    }

    private var head: [(String, JSONValue)] {
        [
            ("name", .string(name)), ("measure", .string(measure)), ("step_s", .number(stepSeconds)),
            ("samples", .integer(values.count { $0 != nil })),
            ("issued_at_s", .number(forecast.issuedAt.seconds)),
            ("periods_s", .array(periodSeconds.map(JSONValue.number))),
            ("levels", .array(levels.map(JSONValue.number))),
            ("forecast", .array(forecast.steps.map(Self.value))),
            ("scores", .array(scores.map(Self.value))), ("notes", .array(notes.map(JSONValue.string))),
        ]
    }

    private static func value(_ step: Forecast.Step) -> JSONValue {
        .object([
            ("time_s", .number(step.at.seconds)), ("mean", .number(step.mean)),
            ("quantiles", .array(step.quantiles.map { .number($0.value) })),
        ])
    }

    private static func value(_ score: Score) -> JSONValue {
        .object([
            ("name", .string(score.name)), ("scaled_pinball_loss", .optional(score.scaledLoss)),
            ("coverage", .array(score.coverage.map(JSONValue.number))),
        ])
    }

    private static func value(_ origin: Origin) -> JSONValue {
        .object([
            ("known", .integer(origin.known)),
            ("quantiles", .array(origin.quantiles.map { .array($0.map(JSONValue.number)) })),
        ])
    }
}
