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

    @Option(help: "Bill and measure from this time on.")
    var measureFrom = DurationOption(seconds: 0)

    func validate() throws {
        guard copies >= 1 else { throw ValidationError("--copies \(copies) must be at least 1.") }
        guard speed > 0, speed.isFinite else { throw ValidationError("--speed \(speed) must be above zero.") }
        guard warmUp.seconds >= 0 else { throw ValidationError("--warm-up \(warmUp) cannot be negative.") }
    }

    /// Lengths that stand in where neither the file nor an option tells them: a chat turn.
    static let assumedLengths = (promptTokens: UInt32(1000), outputTokens: UInt32(200))

    /// Reads and transforms the traces.
    ///
    /// - Parameters:
    ///   - seed: of all that is drawn.
    ///   - isService: whether lengths do not matter: every request is one service.
    /// - Returns: the traces, and sentences that a reader of the results must know.
    /// - Throws: `TraceError` or `CommandError`, for people.
    func load(seed: UInt64, isService: Bool) throws -> (traces: [Trace], notes: [String]) {
        guard !trace.isEmpty else {
            let day = try prepare(Trace.generatedDay(seed: seed), seed: seed, isService: isService)
            return ([day], ["No --trace given: this is a generated day, not real traffic."])
        }
        var notes: [String] = []
        var traces: [Trace] = []
        for path in trace {
            let loaded = try read(path, seed: seed, isService: isService)
            notes += loaded.notes.map { "\(loaded.trace.name): \($0)" }
            guard !loaded.trace.isEmpty else { throw CommandError("\(path): there are no requests in it.") }
            traces.append(try prepare(loaded.trace, seed: seed, isService: isService))
        }
        return (traces, notes)
    }

    /// Reads a file; one that tells nothing but arrivals gets lengths, and a note that says so.
    private func read(_ path: String, seed: UInt64, isService: Bool) throws -> LoadedTrace {
        do {
            return try input.loadTrace(path, seed: seed)
        } catch {
            guard error.code == .missingColumn, input.hasNoLengths else { throw error }
        }
        var assumed = input
        assumed.promptTokens = BacktestTraces.assumedLengths.promptTokens
        assumed.outputTokens = BacktestTraces.assumedLengths.outputTokens
        var loaded = try assumed.loadTrace(path, seed: seed)
        if !isService { loaded.notes.append(BacktestTraces.assumedNote) }
        return loaded
    }

    private static let assumedNote = """
        The file does not tell lengths: where they are missing, every request has \(assumedLengths.promptTokens) prompt \
        and \(assumedLengths.outputTokens) output tokens (assumed). Say better with --prompt-tokens and --output-tokens, \
        or --rows-from.
        """

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

extension TraceInputOptions {
    /// Whether no option tells the lengths of requests.
    var hasNoLengths: Bool {
        promptTokens == nil && outputTokens == nil && rowsFrom == nil && promptCdf == nil && outputCdf == nil
    }
}
