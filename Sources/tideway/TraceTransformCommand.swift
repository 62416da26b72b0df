internal import ArgumentParser
internal import Sampling
internal import TraceFiles
internal import Traces

/// `tideway trace transform`: makes one trace of others.
struct TraceTransformCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transform",
        abstract: "Cut, scale, copy, repeat, speed up and merge traces, or turn rates into requests.",
        discussion: """
            The steps are taken in this order, whatever the order of the options: --from and --to, --rows-from or \
            --prompt-cdf and --output-cdf, --scale (each input by \
            itself), merging, --spread, --copies, --speed, --repeat, --warm-up, --shift.

            Times are typed as 90s, 20m, 3d or 1h30m; a plain number is seconds.

            Three days of the digitised Azure week at a quarter of its rate, with lengths from the 2023 trace:
              tideway trace transform code_week_rpm_5min.csv --from 3d --to 6d --scale 0.25 \\
                --rows-from AzureLLMInferenceTrace_code.csv --out codeweek-3d.csv.gz
            """)

    /// How a trace of requests is scaled.
    enum ScaleMethod: String, ExpressibleByArgument, CaseIterable {
        /// Below 1 leaves requests out at random; above 1 superposes shifted copies.
        case requests
        /// Divides the time between requests.
        case speed
    }

    @Argument(help: "Traces to read; several are merged.")
    var inputs: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write; .gz compresses, - is the standard output.", valueName: "file"))
    var out: String

    @OptionGroup var input: TraceInputOptions

    @Option(help: ArgumentHelp("Leave out what comes before this time.", valueName: "time"))
    var from: DurationOption?

    @Option(help: ArgumentHelp("Leave out what comes at this time or later.", valueName: "time"))
    var to: DurationOption?

    @Flag(help: "Keep the times of a window instead of counting from its start.")
    var keepTimes = false

    @Option(help: ArgumentHelp("Multiply the rate.", valueName: "factor"))
    var scale = 1.0

    @Option(help: "Scale by leaving out or adding requests, or by changing the speed.")
    var scaleBy = ScaleMethod.requests

    @Option(help: ArgumentHelp("Superpose so many copies (1 is the original).", valueName: "n"))
    var copies = 1

    @Option(help: ArgumentHelp("Put the trace so many times end to end.", valueName: "n"))
    var `repeat` = 1

    @Option(help: ArgumentHelp("Divide times by this.", valueName: "factor"))
    var speed = 1.0

    @Option(
        help: ArgumentHelp(
            "Spread arrivals evenly over steps of this length, for clocks that tick so.", valueName: "time"))
    var spread: DurationOption?

    @Option(help: ArgumentHelp("Prepend this much traffic like the first 300 s, in negative time.", valueName: "time"))
    var warmUp: DurationOption?

    @Option(help: ArgumentHelp("Move all arrivals by this.", valueName: "time"))
    var shift: DurationOption?

    @Option(help: "Seed of everything that is drawn.")
    var seed: UInt64 = 1

    func validate() throws {
        try DistinctFiles.require(inputs: inputs, outputs: [out])
        guard scale > 0, scale.isFinite else { throw ValidationError("--scale \(scale) must be above zero.") }
        guard speed > 0, speed.isFinite else { throw ValidationError("--speed \(speed) must be above zero.") }
        guard (1...10_000).contains(copies) else { throw ValidationError("--copies \(copies) must be 1 to 10000.") }
        guard (1...100_000).contains(`repeat`) else {
            throw ValidationError("--repeat \(`repeat`) must be 1 to 100000.")
        }
        guard spread?.seconds ?? 0 >= 0 else { throw ValidationError("--spread must not be negative.") }
        guard warmUp?.seconds ?? 0 >= 0 else { throw ValidationError("--warm-up must not be negative.") }
        if let window, window.isEmpty {
            throw ValidationError("--to must be later than --from.")
        }
    }

    /// The window asked for; nil for none, and empty when its ends are the wrong way round.
    private var window: Range<Double>? {
        guard from != nil || to != nil else { return nil }
        let start = from?.seconds ?? -.infinity
        return start..<max(to?.seconds ?? .infinity, start)
    }

    func run() throws {
        var generator = SeededGenerator(seed: seed, stream: 10)
        let lengths = try input.lengths()
        var parts: [Trace] = []
        for path in inputs { parts.append(try part(path, lengths: lengths, using: &generator)) }
        let name = traceName(path: out)
        var trace = parts.count == 1 ? parts[0] : Trace.merged(parts, name: name)
        parts = []
        trace = transformed(trace, using: &generator)
        guard !trace.isEmpty else {
            throw ValidationError(
                "No request is left. Look at the inputs with tideway trace inspect, and widen --from and --to.")
        }
        try write(trace, to: out)
        let seconds = fixed(trace.lastArrival - trace.firstArrival, 0)
        printNote(
            "Wrote \(grouped(trace.count)) requests over \(seconds) s to \(out == "-" ? "the standard output" : out).")
    }

    /// One input, cut and scaled. Rates are cut and scaled before they become requests.
    private func part(_ path: String, lengths: TokenLengths?, using generator: inout SeededGenerator) throws -> Trace {
        var options = input.readingOptions(seed: seed, lengths: lengths)
        options.rate.window = window.map { max($0.lowerBound, 0)..<max($0.upperBound, 0) }
        if scaleBy == .requests { options.rate.scale = scale }
        let loaded = try load(path, options: options)
        for note in loaded.notes { printNote("note: \(loaded.trace.name): \(note)") }
        var trace = loaded.trace
        if loaded.format != .rate {
            if let window { trace = trace.window(window, rezeroed: !keepTimes) }
            if let lengths, !trace.isEmpty { trace = trace.withLengths(lengths, using: &generator) }
        } else if keepTimes, let start = from?.seconds, start > 0 {
            trace = trace.shifted(bySeconds: start)
        }
        return scaled(trace, isScaled: loaded.format == .rate && scaleBy == .requests, using: &generator)
    }

    private func scaled(_ trace: Trace, isScaled: Bool, using generator: inout SeededGenerator) -> Trace {
        guard scale != 1, !isScaled, !trace.isEmpty else { return trace }
        if scaleBy == .speed { return trace.spedUp(by: scale) }
        return scale < 1
            ? trace.thinned(toShare: scale, using: &generator)
            : trace.superposed(byFactor: scale, using: &generator)
    }

    private func transformed(_ trace: Trace, using generator: inout SeededGenerator) -> Trace {
        var trace = trace
        if let spread { trace = trace.spread(overSeconds: spread.seconds, using: &generator) }
        if copies > 1, !trace.isEmpty { trace = trace.superposed(copies: copies, using: &generator) }
        if speed != 1 { trace = trace.spedUp(by: speed) }
        if `repeat` > 1 { trace = trace.repeated(times: `repeat`) }
        if let warmUp { trace = trace.withWarmUp(seconds: warmUp.seconds, using: &generator) }
        if let shift { trace = trace.shifted(bySeconds: shift.seconds) }
        return trace
    }
}
