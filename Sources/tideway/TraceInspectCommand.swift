internal import ArgumentParser
internal import Traces

/// `tideway trace inspect`: what a trace looks like.
struct TraceInspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show a trace's rates, burstiness, lengths and a chart of its rate.")

    @Argument(help: "The trace; - is the standard input.")
    var file: String

    @OptionGroup var input: TraceInputOptions

    @Option(help: "Seed of what is drawn from a rate series.")
    var seed: UInt64 = 1

    func run() throws {
        var loaded = try input.loadTrace(file, seed: seed, assumed: BacktestTraces.assumedLengths)
        if let note = BacktestTraces.note(assumed: loaded.assumedLengths) { loaded.notes.append(note) }
        for line in TraceReport(loaded).lines { print(line) }
    }
}

/// The text of `tideway trace inspect`.
struct TraceReport {
    private let loaded: LoadedTrace
    private let summary: TraceSummary

    init(_ loaded: LoadedTrace) {
        self.loaded = loaded
        summary = TraceSummary(loaded.trace)
    }

    var lines: [String] {
        let chart = RateChart(loaded.trace).lines
        return head + [""] + rates + [""] + tokens + (chart.isEmpty ? [] : [""] + chart)
            + (loaded.notes.isEmpty ? [] : [""] + loaded.notes.map { "note: \($0)" })
    }

    private var head: [String] {
        let trace = loaded.trace
        var line = "\(trace.name) (\(loaded.format.rawValue)): \(grouped(summary.count)) requests"
        line += " in \(fixed(summary.seconds, 1)) s (\(Self.span(summary.seconds)))"
        guard trace.hasWorkloads else { return [line] }
        let names = trace.workloadNames.prefix(8).joined(separator: ", ")
        return [line, "workloads: \(names)\(trace.workloadNames.count > 8 ? ", ..." : "")"]
    }

    private var rates: [String] {
        let variation = summary.gapVariation.map { fixed($0, 2) } ?? "-"
        return [
            "mean rate             \(fixed(summary.rateMean, 3)) requests/s",
            "busiest minute        \(fixed(summary.rateMaxOverMinute, 2)) requests/s, "
                + "\(fixed(summary.minutePeakToMean, 1)) x the mean",
            "busiest second        \(fixed(summary.rateMaxOverSecond, 0)) requests/s, "
                + "\(fixed(summary.secondPeakToMean, 1)) x the mean",
            "variation of gaps     \(variation) (standard deviation / mean; 1 = Poisson)",
        ]
    }

    private var tokens: [String] {
        let columns = ["tokens", "mean", "p50", "p90", "p99", "max"]
        let rows = [
            Self.row("prompt", summary.promptTokens), Self.row("uncached", summary.uncachedTokens),
            Self.row("output", summary.outputTokens),
        ]
        return ([columns] + rows).map { cells in
            cells.enumerated().map { index, cell in
                let pad = String(repeating: " ", count: max((index == 0 ? 10 : 9) - cell.count, 0))
                return index == 0 ? cell + pad : pad + cell
            }.joined()
        }
    }

    private static func row(_ name: String, _ tokens: TokenHistogram) -> [String] {
        [name, fixed(tokens.mean, 1)]
            + [0.5, 0.9, 0.99, 1].map { grouped(Int(tokens.quantile($0))) }
    }

    /// `93784` seconds as `1d 2h 3m`.
    static func span(_ seconds: Double) -> String {
        let minutes = Int((seconds / 60).rounded())
        let parts = [(minutes / 1_440, "d"), (minutes / 60 % 24, "h"), (minutes % 60, "m")]
        let shown = parts.drop { $0.0 == 0 }.map { "\($0.0)\($0.1)" }
        return shown.isEmpty ? "under a minute" : shown.joined(separator: " ")
    }
}
