internal import Sampling

/// A request rate over time in consecutive bins.
package struct RateSeries: Sendable {
    /// A stretch of time with one rate, or with a range of rates.
    package struct Bin: Hashable, Sendable {
        /// Seconds from time zero.
        package var start: Double
        /// Seconds, above zero.
        package var width: Double
        /// Requests per second; `low <= high`.
        package var low: Double
        package var high: Double

        package init(start: Double, width: Double, low: Double, high: Double) {
            self.start = start
            self.width = width
            self.low = low
            self.high = high
        }
    }

    /// In order of time, without gaps or overlap.
    package let bins: [Bin]
    /// The values are counts of requests, so that a bin of 12 becomes exactly 12 requests at burstiness 1.
    package var countsAreExact = false

    package init(bins: [Bin], countsAreExact: Bool = false) {
        self.bins = bins
        self.countsAreExact = countsAreExact
    }

    /// The part within a window of seconds, whose start becomes time zero. Bins on its edges are cut.
    package func cut(to window: Range<Double>) -> RateSeries {
        var kept: [Bin] = []
        for bin in bins {
            let start = max(bin.start, window.lowerBound)
            let end = min(bin.start + bin.width, window.upperBound)
            guard end > start else { continue }
            kept.append(Bin(start: start - window.lowerBound, width: end - start, low: bin.low, high: bin.high))
        }
        let isWhole = kept.count == bins.count && zip(kept, bins).allSatisfy { $0.width == $1.width }
        return RateSeries(bins: kept, countsAreExact: countsAreExact && isWhole)
    }

    /// The mean number of requests that `requests` makes from this series when every rate is multiplied by `scale`.
    package func expectedCount(scale: Double = 1) -> Double {
        bins.reduce(0) { $0 + ($1.low + $1.high) / 2 * $1.width } * scale
    }

    /// Turns the rates into requests by the options' band, burstiness, scale and seed; their window is not applied here.
    /// The same options give the same trace.
    package func requests(name: String, options: RateReadingOptions, lengths: TokenLengths) -> Trace {
        var sampler = RateSampler(options: options, countsAreExact: countsAreExact)
        var lengthGenerator = SeededGenerator(seed: options.seed, stream: 3)
        var builder = TraceBuilder(columns: lengths.columns, workloadNames: lengths.workloadNames)
        var arrivals: [Double] = []
        for bin in bins {
            arrivals.removeAll(keepingCapacity: true)
            sampler.append(bin, to: &arrivals)
            for arrival in arrivals { builder.append(lengths.request(arrival: arrival, using: &lengthGenerator)) }
        }
        return builder.finish(name: name)
    }
}

/// Draws the arrivals of one bin after the other.
private struct RateSampler {
    /// A band's rate is drawn anew for each stretch of this length: the digitised week gives the range of the
    /// per-minute rate.
    private static let bandSeconds = 60.0

    private let options: RateReadingOptions
    private let countsAreExact: Bool
    private var process: ArrivalProcess
    private var rateGenerator: SeededGenerator
    private var arrivalGenerator: SeededGenerator

    init(options: RateReadingOptions, countsAreExact: Bool) {
        self.options = options
        self.countsAreExact = countsAreExact && options.burstiness == 1
        rateGenerator = SeededGenerator(seed: options.seed, stream: 1)
        arrivalGenerator = SeededGenerator(seed: options.seed, stream: 2)
        process = ArrivalProcess(burstiness: options.burstiness, using: &arrivalGenerator)
    }

    mutating func append(_ bin: RateSeries.Bin, to arrivals: inout [Double]) {
        guard bin.high > bin.low, options.band == .draw else {
            append(from: bin.start, width: bin.width, rate: (bin.low + bin.high) / 2, to: &arrivals)
            return
        }
        let pieces = max(Int((bin.width / Self.bandSeconds).rounded(.up)), 1)
        for piece in 0..<pieces {
            let start = bin.start + Double(piece) * Self.bandSeconds
            let width = min(Self.bandSeconds, bin.start + bin.width - start)
            let rate = bin.low + (bin.high - bin.low) * rateGenerator.uniform()
            if width > 0 { append(from: start, width: width, rate: rate, to: &arrivals) }
        }
    }

    private mutating func append(from start: Double, width: Double, rate: Double, to arrivals: inout [Double]) {
        let expected = rate * width * options.scale
        guard countsAreExact else {
            process.append(from: start, width: width, expected: expected, to: &arrivals, using: &arrivalGenerator)
            return
        }
        // 12 requests / 60 s x 60 s may come out as 11.999...: the nearest whole number is meant.
        let whole = (expected + 1e-6).rounded(.down)
        let extra = arrivalGenerator.uniform() < expected - whole ? 1 : 0
        ArrivalProcess.appendUniform(
            Int(whole) + extra, from: start, width: width, to: &arrivals, using: &arrivalGenerator)
    }
}
