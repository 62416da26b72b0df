internal import ArgumentParser
internal import Performance
internal import Sampling
internal import TraceFiles
internal import Traces

/// The traces of a backtest and what is done to them first.
struct BacktestTraces: ParsableArguments {
    @Option(help: "A trace file, gzip or plain; may be repeated, a block each (default: a generated day).")
    var trace: [String] = []

    @OptionGroup(title: "Reading traces")
    var input: TraceInputOptions

    @Option(help: "Superpose this many copies, each shifted by up to 30 s and with rows from nearby.")
    var copies = 1

    @Option(help: "Divide arrival times by this.")
    var speed = 1.0

    @Option(help: "Prepend Poisson arrivals like those of the first 300 s, served but not measured.")
    var warmUp = DurationOption(seconds: 0)

    // A negative time is measured too: the dash must not be taken for an option.
    @Option(parsing: .unconditional, help: "Bill and measure from this time on.")
    var measureFrom = DurationOption(seconds: 0)

    func validate() throws {
        guard (1...1000).contains(copies) else {
            throw ValidationError("--copies \(copies) must be at least 1 and at most 1000.")
        }
        guard (1e-6...1e6).contains(speed) else {
            throw ValidationError("--speed \(speed) must be above zero, between a millionth and a million.")
        }
        try warmUp.validate("--warm-up", atMost: 604_800)
        try measureFrom.validate("--measure-from", atLeast: -warmUp.seconds)
    }

    /// Lengths that stand in where neither the file nor an option tells them: a chat turn.
    static let assumedLengths = AssumedLengths(promptTokens: 1000, outputTokens: 200)

    /// Reads and transforms the traces.
    ///
    /// - Parameters:
    ///   - seed: of all that is drawn.
    ///   - isService: whether lengths do not matter: every request is one service.
    /// - Returns: the traces, each with a name of its own, and sentences that a reader of the results must know.
    /// - Throws: `TraceError` or `CommandError`, for people.
    func load(seed: UInt64, isService: Bool) throws -> (traces: [Trace], notes: [String]) {
        guard !trace.isEmpty else {
            let day = try prepare(Trace.generatedDay(seed: seed), seed: seed, isService: isService)
            return ([day], ["No --trace given: this is a generated day, not real traffic."])
        }
        var notes: [String] = []
        var traces: [Trace] = []
        for path in trace {
            // Each file is read once: the standard input cannot be read again.
            var loaded = try input.loadTrace(path, seed: seed, assumed: BacktestTraces.assumedLengths)
            guard !loaded.trace.isEmpty else { throw CommandError("\(path): there are no requests in it.") }
            loaded.trace.name = BacktestTraces.unused(loaded.trace.name, among: traces.map(\.name))
            if !isService, let note = BacktestTraces.note(assumed: loaded.assumedLengths) { loaded.notes.append(note) }
            notes += loaded.notes.map { "\(loaded.trace.name): \($0)" }
            traces.append(try prepare(loaded.trace, seed: seed, isService: isService))
        }
        return (traces, notes)
    }

    /// Results are grouped by the trace's name: files of the same name from different folders become `x` and `x (2)`.
    static func unused(_ name: String, among used: [String]) -> String {
        var candidate = name
        var number = 2
        while used.contains(candidate) {
            candidate = "\(name) (\(number))"
            number += 1
        }
        return candidate
    }

    /// What a reader has to know where lengths were assumed; nil where none were.
    static func note(assumed columns: [String]) -> String? {
        if columns.isEmpty { return nil }
        let lengths = [
            columns.contains("prompt") ? "\(assumedLengths.promptTokens) prompt tokens" : nil,
            columns.contains("output") ? "\(assumedLengths.outputTokens) output tokens" : nil,
        ].compactMap { $0 }.joined(separator: " and ")
        return "The file does not tell all lengths: every request is assumed to have \(lengths). Say better with "
            + "--prompt-tokens and --output-tokens, or --rows-from."
    }

    private func prepare(_ trace: Trace, seed: UInt64, isService: Bool) throws -> Trace {
        var generator = SeededGenerator(seed: seed, stream: 3)
        var prepared = trace
        if isService {
            prepared = prepared.withLengths(
                .constant(promptTokens: 1, outputTokens: UInt32(PerformanceProfile.serviceOutputTokens)),
                using: &generator)
        }
        if copies > 1 { prepared = prepared.superposed(copies: copies, using: &generator) }
        if speed != 1 { prepared = prepared.spedUp(by: speed) }
        guard prepared.lastArrival > prepared.firstArrival else {
            throw CommandError(
                "\(trace.name): all requests arrive at one instant: there is no time to measure. Give a trace that lasts."
            )
        }
        if warmUp.seconds > 0 { prepared = prepared.withWarmUp(seconds: warmUp.seconds, using: &generator) }
        guard prepared.lastArrival > measureFrom.seconds else {
            throw CommandError(
                "--measure-from \(measureFrom) lies after the last request of \(trace.name), which arrives at "
                    + "\(DurationOption(seconds: prepared.lastArrival.rounded())). Choose an earlier time.")
        }
        prepared.name = trace.name
        return prepared
    }
}
