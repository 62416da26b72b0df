internal import Histogram

/// Lengths of time with three significant digits, from a microsecond to an hour.
struct LatencyHistogram: Sendable {
    private static let microsecondsMax: UInt64 = 3_600_000_000

    private var histogram = Histogram<UInt32>(
        highestTrackableValue: LatencyHistogram.microsecondsMax, numberOfSignificantValueDigits: .three)
    private var sum = 0.0
    /// Requests that never got there.
    private(set) var missing = 0

    var count: Int { Int(histogram.totalCount) }

    /// Records a length of time; what lies beyond an hour counts as an hour.
    mutating func record(_ seconds: Double) {
        let microseconds = min(max((seconds * 1e6).rounded(), 0), Double(Self.microsecondsMax))
        histogram.record(UInt64(microseconds))
        sum += seconds
    }

    mutating func recordMissing() { missing += 1 }

    mutating func add(_ other: LatencyHistogram) {
        histogram.add(other.histogram)
        sum += other.sum
        missing += other.missing
    }

    /// Seconds within which `share`, 0 ... 1, of the requests got there; nil when that many did not, or there were none.
    func quantile(_ share: Double) -> Double? {
        let rank = share * Double(count + missing)
        guard count > 0, rank <= Double(count) else { return nil }
        return Double(histogram.valueAtPercentile(rank / Double(count) * 100)) * 1e-6
    }

    var summary: LatencySummary {
        LatencySummary(
            count: count, mean: count == 0 ? nil : sum / Double(count), p50: quantile(0.5), p90: quantile(0.9),
            p95: quantile(0.95), p99: quantile(0.99), p999: quantile(0.999), max: quantile(1))
    }
}
