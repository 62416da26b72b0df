internal import ArgumentParser
internal import Foundation

/// Whether a week of 27 million requests fits in memory.
struct WeekCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "week",
        abstract: "Simulate a week of 27 million requests on a constant fleet: wall time and peak memory.")

    static let requests = 27e6
    static let memoryLimitBytes = 500_000_000
    /// Steady rate of a replica on this workload, in requests per second (reference plant, section 6).
    static let ratePerReplica = 4.25

    @Option(help: "Replicas (default: enough for the busiest minutes).")
    var replicas: Int?

    func run() throws {
        let rates = try WeekRates(contentsOf: Places.codeWeek)
        let scale = WeekCommand.requests / rates.requests
        let fleet = replicas ?? Int((rates.peakPerSecond * scale / WeekCommand.ratePerReplica).rounded(.up))
        let trace = try Places.scratchFile("week.csv")
        if !FileManager.default.fileExists(atPath: trace.path) { try makeTrace(trace, scale: scale) }
        let (document, usage) = try TidewayProcess.backtest(
            ["--trace", trace.path, "--schedule", try ScheduleFile.constant(fleet).path, "--jobs", "1"],
            json: try Places.scratchFile("week.json"))
        guard let run = document.runs.first else { throw BenchmarkError("the results hold no run") }
        try report(run, usage, fleet: fleet)
    }

    /// A child of its own that ends before the measured one; the memory that counts is the larger of both.
    private func makeTrace(_ trace: URL, scale: Double) throws {
        print("making the week's trace ...")
        let unfinished = trace.deletingLastPathComponent().appending(path: "week-unfinished.csv")
        try TidewayProcess.run([
            "trace", "transform", Places.codeWeek.path, "--scale", "\(scale)", "--rows-from", Places.azureCode.path,
            "--out", unfinished.path,
        ])
        try FileManager.default.moveItem(at: unfinished, to: trace)
    }

    private func report(_ run: BacktestDocument.Run, _ usage: TidewayProcess.Usage, fleet: Int) throws {
        let isSmall = usage.peakBytes < WeekCommand.memoryLimitBytes
        let figures = [
            "\(run.requests)", "\(fleet)", Text.number(run.attainment * 100, 2), Text.number(usage.wallSeconds, 1),
            Text.number(run.simulateSeconds ?? 0, 1), "\(usage.peakBytes / 1_000_000)",
        ]
        let names = ["requests", "replicas", "attainment %", "wall s", "of it simulating s", "peak MB"]
        zip(names, figures).forEach { print(Text.padded($0, 20) + $1) }
        let lines =
            [
                "# A week in memory", "",
                "`benchmarks week`: the digitised Azure code week of 2024, scaled to 27 million requests, with token rows of the 2023 code",
                "trace, read from a plain CSV file, on a constant fleet.", "",
            ] + Text.head(names) + [
                Text.row(figures), "",
                "Limit 500 MB: \(isSmall ? "kept" : "exceeded"). Machine: \(Text.processor).",
            ]
        try Places.writeResult("week.md", lines.joined(separator: "\n") + "\n")
        if !isSmall { throw ExitCode.failure }
    }
}

/// A week of requests per minute, a row for each 5 minutes.
struct WeekRates {
    static let minutesPerRow = 5.0

    /// Of the whole week.
    private(set) var requests = 0.0
    private(set) var peakPerSecond = 0.0

    init(contentsOf file: URL) throws {
        let rows = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
        for row in rows {
            let fields = row.split(separator: ",").dropFirst().compactMap { Double($0) }
            guard fields.count == 3 else { throw BenchmarkError("cannot read '\(row)' of \(file.path)") }
            // Low, high and middle; a minute's rate is drawn evenly between the first two.
            requests += (fields[0] + fields[1]) / 2 * WeekRates.minutesPerRow
            peakPerSecond = max(peakPerSecond, fields[1] / 60)
        }
    }
}
