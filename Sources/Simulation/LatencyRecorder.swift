/// Collects latencies for percentiles: every value up to a limit, above it a histogram with buckets 0.1 % wide.
package struct LatencyRecorder: ~Copyable {
    /// Values kept exactly before the histogram takes over: 4 million, 16 MB.
    package static let exactLimit = 1 << 22
    /// Buckets per doubling: 2^10, so a bucket's middle is within 0.05 % of what is in it.
    private static let bucketBits: UInt64 = 10
    private static let smallest = 0x1p-20

    private var values: UnsafeMutableBufferPointer<Float>
    private var buckets: [Int] = []
    package private(set) var count = 0

    /// - Parameter capacity: latencies at most; above `exactLimit` all go to the histogram.
    package init(capacity: Int) {
        values = .allocate(capacity: capacity <= LatencyRecorder.exactLimit ? capacity : 0)
        if capacity > LatencyRecorder.exactLimit {
            buckets = [Int](repeating: 0, count: LatencyRecorder.bucket(0x1p40) + 1)
        }
    }

    deinit {
        values.deallocate()
    }

    /// - Parameter seconds: zero or more.
    @inline(__always)
    package mutating func record(_ seconds: Double) {
        if buckets.isEmpty {
            values.initializeElement(at: count, to: Float(seconds))
        } else {
            buckets[LatencyRecorder.bucket(seconds)] += 1
        }
        count += 1
    }

    /// Element number `ceil(p (N - 1))` of the sorted values, from 0; `offered - count` infinite ones come last.
    ///
    /// - Parameters:
    ///   - shares: 0 ... 1 each.
    ///   - offered: at least `count`; 0 gives zeros.
    /// - Returns: seconds, one for each share.
    package func elements(at shares: [Double], offered: Int) -> [Double] {
        guard offered > 0 else { return shares.map { _ in 0 } }
        return shares.map { share in
            let rank = Int((share * Double(offered - 1)).rounded(.up))
            return rank >= count ? .infinity : value(rank: rank)
        }
    }

    /// Percentiles of the recorded values, linearly interpolated between neighbours; zeros without any.
    package func interpolated(at shares: [Double]) -> [Double] {
        guard count > 0 else { return shares.map { _ in 0 } }
        return shares.map { share in
            let position = share * Double(count - 1)
            let low = Int(position)
            let lower = value(rank: low)
            let upper = low + 1 < count ? value(rank: low + 1) : lower
            return lower + (upper - lower) * (position - Double(low))
        }
    }

    /// The mean; nil without any value.
    package var mean: Double? {
        guard count > 0 else { return nil }
        guard buckets.isEmpty else {
            return buckets.indices.reduce(0) { $0 + Double(buckets[$1]) * LatencyRecorder.middle($1) } / Double(count)
        }
        return values[..<count].reduce(0) { $0 + Double($1) } / Double(count)
    }

    /// The value with this rank, 0 being the smallest.
    private func value(rank: Int) -> Double {
        buckets.isEmpty
            ? exactValue(rank: rank) : LatencyRecorder.middle(LatencyRecorder.place(of: rank, in: buckets).bin)
    }

    /// Selects without sorting: the bits of a float that is not negative order as it does, so their upper half is counted
    /// first, then the lower half of those that share the upper one.
    private func exactValue(rank: Int) -> Double {
        let bits = UnsafeBufferPointer(rebasing: values[..<count])
        var upper = [Int](repeating: 0, count: 1 << 16)
        for value in bits { upper[Int(value.bitPattern >> 16)] += 1 }
        let (high, rest) = LatencyRecorder.place(of: rank, in: upper)
        var lower = [Int](repeating: 0, count: 1 << 16)
        for value in bits where Int(value.bitPattern >> 16) == high { lower[Int(value.bitPattern & 0xffff)] += 1 }
        let low = LatencyRecorder.place(of: rest, in: lower).bin
        return Double(Float(bitPattern: UInt32(high << 16 | low)))
    }

    /// The bin that holds the element with this rank, and its rank within the bin.
    private static func place(of rank: Int, in bins: [Int]) -> (bin: Int, rank: Int) {
        var left = rank
        var bin = 0
        // Tens of thousands of bins for each percentile of each run: an iterator's cost shows in debug builds.
        while left >= bins[bin] {
            left -= bins[bin]
            bin += 1
        }
        return (bin, left)
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
