extension RateSamples {
    /// The samples as a trace. `inferredUnit` is the unit that the column's name tells, nil when it tells none;
    /// `countsFromStart` makes the first sample time zero.
    mutating func load(
        file: String, name: String, inferredUnit: RateUnit?, countsFromStart: Bool, options: TraceReadingOptions,
        notes: [String], skippedCount: Int
    ) throws(TraceError) -> LoadedTrace {
        let (lengths, assumed) = try Self.lengths(file: file, options: options)
        var notes = notes
        let unit = options.rate.unit ?? inferredUnit ?? .requestsPerSecond
        if options.rate.unit == nil, inferredUnit == nil {
            notes.append("Values were taken as requests per second; --unit rpm or count says otherwise.")
        }
        var series = try series(file: file, unit: unit, countsFromStart: countsFromStart, notes: &notes)
        if let window = options.rate.window { series = series.cut(to: window) }
        let expected = series.expectedCount(scale: options.rate.scale)
        guard expected <= Double(ReadingLimits.rowsMax) else {
            throw TraceError.tooManyRows(file: file, line: 1).with(remedy: "Is --unit right? Otherwise cut a window.")
        }
        let trace = series.requests(name: name, options: options.rate, lengths: lengths)
        if trace.isEmpty { throw TraceError.empty(file: file, skippedCount: skippedCount) }
        notes.append(Self.processNote(trace, series: series, options: options.rate))
        return LoadedTrace(
            trace: trace, format: .rate, notes: notes, skippedCount: skippedCount, assumedLengths: assumed)
    }

    private static func lengths(
        file: String, options: TraceReadingOptions
    ) throws(TraceError) -> (lengths: TokenLengths, assumed: [String]) {
        if let lengths = options.rate.lengths { return (lengths, []) }
        if let prompt = options.promptTokens ?? options.assumedLengths?.promptTokens,
            let output = options.outputTokens ?? options.assumedLengths?.outputTokens
        {
            let assumed = [options.promptTokens == nil ? "prompt" : nil, options.outputTokens == nil ? "output" : nil]
            return (.constant(promptTokens: prompt, outputTokens: output), assumed.compactMap { $0 })
        }
        throw TraceError(
            .option, file: file, problem: "a rate series does not tell how long requests are",
            remedy:
                "Give --prompt-tokens N and --output-tokens N, or draw the rows of another trace with --rows-from FILE, "
                + "or lengths from distributions with --prompt-cdf FILE and --output-cdf FILE.")
    }

    private static func processNote(_ trace: Trace, series: RateSeries, options: RateReadingOptions) -> String {
        let isBand = options.band == .draw && series.bins.contains { $0.high > $0.low }
        let rates = isBand ? "each minute's rate drawn between low and high, " : ""
        let process =
            options.burstiness != 1
            ? "gamma gaps with a coefficient of variation of \(options.burstiness)"
            : series.countsAreExact ? "the counts as given, uniform in each bin" : "Poisson arrivals"
        let scale = options.scale == 1 ? "" : "rates times \(options.scale), "
        return "\(trace.count) requests were drawn from the rates: \(rates)\(scale)\(process), seed \(options.seed)."
    }
}
