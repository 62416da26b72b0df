internal import ArgumentParser
internal import Foundation

/// What a decision of Tideway's policy takes: forecast, capacity, choice.
struct DecisionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decision",
        abstract:
            "Simulate a quiet day under Tideway's policy and under none: what a decision for 1,000 workloads takes.")

    static let dayRate = 1.0
    /// One every 10 s, with ten looks of the guard in between.
    static let decisions = 8640.0
    static let workloads = 1000.0
    /// Milliseconds on one core.
    static let limit = 100.0

    @Option(help: "Runs of each, of which the median counts.")
    var runs = 5

    func run() throws {
        let trace = try Places.scratchFile("quiet-day.csv.gz")
        _ = try TidewayProcess.run([
            "trace", "make", "--duration", "1d", "--rate", "\(DecisionCommand.dayRate)", "--out", trace.path,
        ])
        let json = try Places.scratchFile("decision.json")
        let arguments = [
            "--trace", trace.path, "--policy", "tideway,static", "--jobs", "1", "--seeds", "\(max(runs, 1))",
        ]
        let (document, _) = try TidewayProcess.backtest(arguments, json: json)
        func seconds(_ policy: String) throws -> [Double] {
            let seconds = document.runs.filter { $0.policy == policy }.compactMap(\.simulateSeconds).sorted()
            guard !seconds.isEmpty else { throw BenchmarkError("the results do not tell simulate_seconds") }
            return seconds
        }
        let (own, none) = (try seconds("tideway"), try seconds("static"))
        let each = (own[own.count / 2] - none[none.count / 2]) / DecisionCommand.decisions
        try report(milliseconds: each * DecisionCommand.workloads * 1000, runs: own.count)
    }

    private func report(milliseconds: Double, runs: Int) throws {
        let isReached = milliseconds <= DecisionCommand.limit
        let lines = [
            "# What a decision takes", "",
            "`benchmarks decision`: a made-up day at one request per second, simulated under `tideway` and under a constant fleet, one",
            "thread, medians of \(runs) runs. The difference over 8,640 decisions, each with its forecast, capacity, choice and the ten looks of",
            "the guard in between: **\(Text.number(milliseconds, 0)) ms for 1,000 workloads** on one core; at most \(Text.number(DecisionCommand.limit, 0)) ms was wanted: \(isReached ? "reached" : "missed").",
            "",
            "Machine: \(Text.processor).",
        ]
        print(lines[4])
        try Places.writeResult("decision.md", lines.joined(separator: "\n") + "\n")
        if !isReached { throw ExitCode.failure }
    }
}
