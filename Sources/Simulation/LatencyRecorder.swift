/// Collects latencies for percentiles: every value up to a limit, above it a histogram with buckets 0.1 % wide.
package struct LatencyRecorder: Sendable {
    /// Values kept exactly before the histogram takes over: 4 million, 16 MB.
    package static let exactLimit = 1 << 22
    /// Buckets per doubling: 2^10, so a bucket's middle is within 0.05 % of what is in it.
    private static let bucketBits: UInt64 = 10
    private static let smallest = 0x1p-20

    private var values: ContiguousArray<Float> = []
    private var buckets: [Int] = []
    package private(set) var count = 0

    package init() {}

    /// - Parameter seconds: zero or more.
    package mutating func record(_ seconds: Double) {
        count += 1
        if buckets.isEmpty {
            values.append(Float(seconds))
            if count > LatencyRecorder.exactLimit { switchToHistogram() }
        } else {
            buckets[LatencyRecorder.bucket(seconds)] += 1
        }
    }

    /// Element number `ceil(p (N - 1))` of the sorted values, from 0; `offered - count` infinite ones come last.
    ///
    /// - Parameters:
    ///   - shares: 0 ... 1 each.
    ///   - offered: at least `count`; 0 gives zeros.
    package func elements(at shares: [Double], offered: Int) -> [Double] {
        guard offered > 0 else { return shares.map { _ in 0 } }
        let ranks = shares.map { Int(($0 * Double(offered - 1)).rounded(.up)) }
        let sorted = buckets.isEmpty ? ContiguousArray(values.sorted()) : []
        return ranks.map { $0 >= count ? .infinity : value(rank: $0, sorted) }
    }

    /// Percentiles of the recorded values, linearly interpolated between neighbours; zeros without any.
    package func interpolated(at shares: [Double]) -> [Double] {
        guard count > 0 else { return shares.map { _ in 0 } }
        let sorted = buckets.isEmpty ? ContiguousArray(values.sorted()) : []
        return shares.map { share in
            let position = share * Double(count - 1)
            let low = Int(position)
            let lower = value(rank: low, sorted)
            let upper = low + 1 < count ? value(rank: low + 1, sorted) : lower
            return lower + (upper - lower) * (position - Double(low))
        }
    }

    private func value(rank: Int, _ sorted: ContiguousArray<Float>) -> Double {
        guard !buckets.isEmpty else { return Double(sorted[rank]) }
        var seen = 0
        for (index, bucketCount) in buckets.enumerated() {
            seen += bucketCount
            if seen > rank { return LatencyRecorder.middle(index) }
        }
        return .infinity
    }

    private mutating func switchToHistogram() {
        buckets = [Int](repeating: 0, count: LatencyRecorder.bucket(0x1p40) + 1)
        for value in values { buckets[LatencyRecorder.bucket(Double(value))] += 1 }
        values = []
    }

    private static func bucket(_ seconds: Double) -> Int {
        let clamped = min(max(seconds, smallest), 0x1p40)
        return Int((clamped.bitPattern - smallest.bitPattern) >> (52 - bucketBits))
    }

    private static func middle(_ bucket: Int) -> Double {
        let bits = smallest.bitPattern + UInt64(bucket) << (52 - bucketBits)
        return Double(bitPattern: bits + 1 << (51 - bucketBits))
    }
}
