/// How to read a trace file.
package struct TraceReadingOptions: Sendable {
    /// The file's layout; nil finds it out from the first line.
    package var format: TraceFormat?
    /// Prompt tokens of requests whose file does not tell them; nil makes their absence an error.
    package var promptTokens: UInt32?
    /// Output tokens of requests whose file does not tell them; nil makes their absence an error.
    package var outputTokens: UInt32?
    /// Lengths that stand in where a whole column is missing and nothing above fills it; nil makes its absence an error. Unlike
    /// the above they fill no gaps in a column that is there: those are mistakes of the file.
    package var assumedLengths: AssumedLengths?
    /// Leaves out rows that cannot be read, and counts them, instead of stopping at the first.
    package var skipsBadRows = false
    /// Derives uncached prompt tokens from a Mooncake trace's block hashes.
    package var usesPrefixHashes = true
    /// How a rate series becomes requests.
    package var rate = RateReadingOptions()

    package init(
        format: TraceFormat? = nil, promptTokens: UInt32? = nil, outputTokens: UInt32? = nil, skipsBadRows: Bool = false
    ) {
        self.format = format
        self.promptTokens = promptTokens
        self.outputTokens = outputTokens
        self.skipsBadRows = skipsBadRows
    }
}

/// Lengths of requests that nobody told.
package struct AssumedLengths: Hashable, Sendable {
    package var promptTokens: UInt32
    package var outputTokens: UInt32

    package init(promptTokens: UInt32, outputTokens: UInt32) {
        self.promptTokens = promptTokens
        self.outputTokens = outputTokens
    }
}

/// How a rate series becomes requests.
package struct RateReadingOptions: Sendable {
    /// How to read a series that gives a low and a high value for each bin.
    package enum Band: String, CaseIterable, Sendable {
        /// Each minute's rate is drawn uniformly between low and high.
        case draw
        /// The middle of low and high.
        case mid
    }

    /// What the values count; nil takes it from the column's name, and requests per second where that does not tell.
    package var unit: RateUnit?
    package var band: Band = .draw
    /// Coefficient of variation of the gaps between arrivals at a constant rate; 1 is a Poisson process.
    package var burstiness: Double = 1
    /// Multiplies every rate; zero or more.
    package var scale: Double = 1
    /// The stretch of the series to use, in seconds from its start, which becomes time zero; nil uses all of it.
    package var window: Range<Double>?
    /// Seed of rates, arrivals and lengths.
    package var seed: UInt64 = 1
    /// Where token lengths come from; nil falls back on the constant lengths of `TraceReadingOptions`.
    package var lengths: TokenLengths?

    package init() {}
}
