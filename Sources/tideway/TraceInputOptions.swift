internal import ArgumentParser
internal import Sampling
internal import TraceFiles
internal import Traces

/// How to read trace files; shared by all commands that do.
struct TraceInputOptions: ParsableArguments {
    /// The layouts as they are typed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case auto, azure, burstgpt, mooncake, csv, rate
    }

    @Option(help: "Layout of the file; auto finds it out from the first line.")
    var format = Format.auto

    @Option(help: ArgumentHelp("Prompt tokens where the file does not tell them.", valueName: "n"))
    var promptTokens: UInt32?

    @Option(help: ArgumentHelp("Output tokens where the file does not tell them.", valueName: "n"))
    var outputTokens: UInt32?

    @Flag(help: "Leave out rows that cannot be read, and count them.")
    var skipBad = false

    @Flag(help: "Take all prompts of a Mooncake trace as uncached.")
    var noPrefixCache = false

    @Option(help: "What a rate series counts: requests per second (rps), per minute (rpm), or in each step (count).")
    var unit: RateUnit?

    @Option(help: "A rate series with low and high values: draw each minute's rate between them, or take the middle.")
    var rateBand = RateReadingOptions.Band.draw

    @Option(
        help: ArgumentHelp(
            "Burstiness of requests drawn from rates: the coefficient of variation of gaps; 1 is Poisson.",
            valueName: "cv"))
    var burstiness = 1.0

    @Option(help: ArgumentHelp("Draw whole rows (all lengths) from this trace.", valueName: "file"))
    var rowsFrom: String?

    @Option(help: ArgumentHelp("Draw prompt tokens from this cumulative distribution.", valueName: "file"))
    var promptCdf: String?

    @Option(help: ArgumentHelp("Draw output tokens from this cumulative distribution.", valueName: "file"))
    var outputCdf: String?

    @Option(help: ArgumentHelp("Which service's distribution, where the file holds several.", valueName: "name"))
    var service: String?

    func validate() throws {
        guard burstiness > 0, burstiness.isFinite else {
            throw ValidationError("--burstiness \(burstiness) must be above zero; 1 is a Poisson process.")
        }
        if rowsFrom != nil, promptCdf != nil || outputCdf != nil {
            throw ValidationError("--rows-from already brings lengths: leave out --prompt-cdf and --output-cdf, or it.")
        }
        if service != nil, promptCdf == nil {
            throw ValidationError("--service is for distributions: give --prompt-cdf and --output-cdf too.")
        }
        guard (promptCdf == nil) == (outputCdf == nil) else {
            throw ValidationError("--prompt-cdf and --output-cdf go together: give both, or neither.")
        }
    }

    /// Where lengths are drawn from; nil when nothing was asked for.
    func lengths() throws(TraceError) -> TokenLengths? {
        if let rowsFrom {
            let options = TraceReadingOptions(
                promptTokens: promptTokens, outputTokens: outputTokens, skipsBadRows: skipBad)
            return .rows(try load(rowsFrom, options: options).trace)
        }
        guard let promptCdf, let outputCdf else { return nil }
        return .distributions(
            prompt: try loadTokenDistribution(promptCdf, service: service),
            output: try loadTokenDistribution(outputCdf, service: service))
    }

    /// Reads a trace, with lengths from elsewhere where that was asked for. `seed` decides everything that is drawn;
    /// `assumed` stands in for lengths that nothing tells, and nil makes them an error.
    func loadTrace(
        _ path: String, seed: UInt64, assumed: AssumedLengths? = nil
    ) throws(TraceError) -> LoadedTrace {
        let lengths = try lengths()
        var options = readingOptions(seed: seed, lengths: lengths)
        // What is drawn anew need not be in the file.
        options.assumedLengths = lengths == nil ? assumed : AssumedLengths(promptTokens: 1, outputTokens: 1)
        var loaded = try load(path, options: options)
        guard let lengths, loaded.format != .rate else { return loaded }
        loaded.assumedLengths = []
        var generator = SeededGenerator(seed: seed, stream: 11)
        loaded.trace = loaded.trace.withLengths(lengths, using: &generator)
        loaded.notes.append("Lengths were drawn anew, as asked.")
        return loaded
    }

    /// The options for the reader. `seed` decides what is drawn from rates.
    func readingOptions(seed: UInt64, lengths: TokenLengths?) -> TraceReadingOptions {
        var options = TraceReadingOptions(
            format: TraceFormat(rawValue: format.rawValue), promptTokens: promptTokens, outputTokens: outputTokens,
            skipsBadRows: skipBad)
        options.usesPrefixHashes = !noPrefixCache
        options.rate.unit = unit
        options.rate.band = rateBand
        options.rate.burstiness = burstiness
        options.rate.seed = seed
        options.rate.lengths = lengths
        return options
    }
}

extension RateUnit: ExpressibleByArgument {}
extension RateReadingOptions.Band: ExpressibleByArgument {}
