/// What a trace looks like: rates, burstiness, lengths.
package struct TraceSummary: Sendable {
    package let count: Int
    /// Seconds from the first to the last arrival.
    package let seconds: Double
    /// Requests per second between the first and the last arrival; 0 when they coincide.
    package let rateMean: Double
    /// Requests in the fullest second, counted in whole seconds from the first arrival.
    package let rateMaxOverSecond: Double
    /// Requests per second in the fullest minute, counted in whole minutes from the first arrival.
    package let rateMaxOverMinute: Double
    /// Standard deviation over mean of the gaps between arrivals; nil with fewer than three requests or no time passing.
    package let gapVariation: Double?
    package let promptTokens: TokenHistogram
    package let uncachedTokens: TokenHistogram
    package let outputTokens: TokenHistogram

    /// The fullest second over the mean of all whole seconds, empty ones and the last included.
    package let secondPeakToMean: Double
    /// The fullest minute over the mean of all whole minutes, the last included.
    package let minutePeakToMean: Double

    package init(_ trace: Trace) {
        count = trace.count
        seconds = trace.lastArrival - trace.firstArrival
        rateMean = seconds > 0 ? Double(count) / seconds : 0
        var second = PeakCounter(width: 1, origin: trace.firstArrival)
        var minute = PeakCounter(width: 60, origin: trace.firstArrival)
        var gaps = GapStatistics()
        var prompt = TokenHistogram()
        var uncached = TokenHistogram()
        var output = TokenHistogram()
        for index in 0..<trace.count {
            let row = trace[index]
            second.add(row.arrival)
            minute.add(row.arrival)
            gaps.add(row.arrival)
            prompt.add(row.promptTokens)
            output.add(row.outputTokens)
            if trace.hasUncachedTokens { uncached.add(trace.uncachedTokens(index)) }
        }
        rateMaxOverSecond = Double(second.peak)
        rateMaxOverMinute = Double(minute.peak) / 60
        secondPeakToMean = second.peakToMean(count: trace.count)
        minutePeakToMean = minute.peakToMean(count: trace.count)
        gapVariation = gaps.variation
        promptTokens = prompt
        uncachedTokens = trace.hasUncachedTokens ? uncached : prompt
        outputTokens = output
    }
}

/// The fullest of equal bins; arrivals come in order.
private struct PeakCounter {
    let width: Double
    let origin: Double
    private var bin = 0.0
    private var count = 0
    private(set) var peak = 0

    init(width: Double, origin: Double) {
        self.width = width
        self.origin = origin
    }

    mutating func add(_ arrival: Double) {
        let next = ((arrival - origin) / width).rounded(.down)
        count = next == bin ? count + 1 : 1
        bin = next
        peak = max(peak, count)
    }

    func peakToMean(count: Int) -> Double { count == 0 ? 0 : Double(peak) * (bin + 1) / Double(count) }
}

/// Mean and variance of gaps in one pass (Welford 1962).
private struct GapStatistics {
    private var last: Double?
    private var count = 0.0
    private var mean = 0.0
    private var squares = 0.0

    mutating func add(_ arrival: Double) {
        defer { last = arrival }
        guard let last else { return }
        count += 1
        let gap = arrival - last
        let difference = gap - mean
        mean += difference / count
        squares += difference * (gap - mean)
    }

    var variation: Double? { count > 1 && mean > 0 ? (squares / count).squareRoot() / mean : nil }
}

extension Trace {
    /// Requests per second in equal bins between the first and the last arrival; `bins` is at least 1.
    package func rates(bins: Int) -> [Double] {
        precondition(bins > 0, "at least one bin")
        let width = (lastArrival - firstArrival) / Double(bins)
        guard width > 0 else { return [] }
        var rates = [Double](repeating: 0, count: bins)
        let origin = firstArrival
        forEach { rates[min(Int(($0.arrival - origin) / width), bins - 1)] += 1 / width }
        return rates
    }
}
