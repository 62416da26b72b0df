internal import ArgumentParser
internal import Foundation
internal import Reports

/// `tideway forecast`: what a series will do, and how well such forecasts did on its past.
struct ForecastCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecast",
        abstract: "Forecast a series with its quantiles, and score such forecasts on its past.",
        discussion: """
            Reads what backtest reads: a trace (its requests are counted), a rate series, a Prometheus range query's answer, \
            or any table with a timestamp column.
              tideway forecast --input rates.csv --horizon 30m --html forecast.html
            """)

    @Option(help: ArgumentHelp("The series, gzip or plain; - is the standard input.", valueName: "file"))
    var input: String

    @OptionGroup(title: "Reading files")
    var reading: TraceInputOptions

    @Option(help: ArgumentHelp("The column to forecast, where a table has several.", valueName: "name"))
    var column: String?

    @Option(
        help: ArgumentHelp(
            "Columns that help to explain the series, known when it is measured; comma-separated.", valueName: "names"))
    var covariates: String?

    @Option(
        help: ArgumentHelp(
            "Columns that are known in advance, such as a campaign; rows without a value tell the time ahead.",
            valueName: "names"))
    var calendar: String?

    @Option(help: "Time between samples (default: that of the file; 10s, 1m or 5m for requests, by their span).")
    var step: DurationOption?

    @Option(help: "How far ahead.")
    var horizon = DurationOption(seconds: 1_800)

    @Option(help: ArgumentHelp("Quantiles between 0 and 1, comma-separated.", valueName: "levels"))
    var quantiles = "0.5,0.9,0.99"

    @Option(help: "Moments of the past at which a forecast is made and scored; 0 leaves the scores out.")
    var origins = 30

    @Option(help: ArgumentHelp("Write the forecast and the scores as JSON.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Write the forecast as a table.", valueName: "file"))
    var csv: String?

    @Option(help: ArgumentHelp("Write a page with a chart.", valueName: "file"))
    var html: String?

    /// Steps ahead at most: each needs a value of every model.
    static let stepsMax = 2_000

    func validate() throws {
        _ = try levels()
        try horizon.validate("--horizon", atLeast: 0.001)
        try step?.validate("--step", atLeast: 0.001)
        guard (0...1_000).contains(origins) else {
            throw ValidationError("--origins \(origins) must be at least 0 and at most 1000.")
        }
        try DistinctFiles.require(inputs: [input], outputs: [json, csv, html].compactMap { $0 })
    }

    private func levels() throws -> [Double] {
        let levels = Self.names(quantiles).map { Double($0) ?? .nan }
        guard !levels.isEmpty, levels.count <= 99, levels.allSatisfy({ $0 > 0 && $0 < 1 }) else {
            throw ValidationError("--quantiles \(quantiles) must be numbers above 0 and below 1, such as 0.5,0.9,0.99.")
        }
        return Set(levels).sorted()
    }

    private static func names(_ list: String?) -> [String] {
        (list ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    func run() throws {
        for path in [json, csv, html].compactMap({ $0 }) { try ReportFile.makeFolder(for: path) }
        let series = try ForecastInput(
            path: input, reading: reading, column: column, covariates: Self.names(covariates),
            calendar: Self.names(calendar), step: step?.seconds
        ).load()
        let steps = try stepCount(series)
        let study = ForecastStudy(series: series, steps: steps, levels: try levels(), originCount: origins)
        let report = study.run()
        if let json { try ReportFile.write(report.json, to: json) }
        if let csv { try ReportFile.write(report.csv, to: csv) }
        if let html { try ReportFile.write(report.html, to: html) }
        let columns = Terminal.output.columns ?? 100
        for line in ForecastText(report, columns: columns).lines { print(line) }
        for path in [json, csv, html].compactMap({ $0 }) { print("written: \(path)") }
    }

    private func stepCount(_ series: ForecastSeries) throws -> Int {
        let steps = (horizon.seconds / series.stepSeconds - 1e-9).rounded(.up)
        guard horizon.seconds >= series.stepSeconds * (1 - 1e-9) else {
            throw CommandError(
                "--horizon \(horizon) is shorter than a step of the series "
                    + "(\(DurationOption(seconds: series.stepSeconds))). Ask for a longer one, or give a shorter --step."
            )
        }
        guard steps <= Double(Self.stepsMax) else {
            throw CommandError(
                "--horizon \(horizon) is \(Int(steps)) steps of \(DurationOption(seconds: series.stepSeconds)); at most "
                    + "\(Self.stepsMax) can be forecast. Give a longer --step.")
        }
        return Int(steps)
    }
}
