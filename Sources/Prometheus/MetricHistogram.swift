/// Counts of observed values by size, as Prometheus keeps them.
package struct MetricHistogram: Hashable, Sendable {
    /// Upper bounds, inclusive and ascending; what lies above the last counts in a bucket of its own.
    package let bounds: [Double]
    /// One more than bounds, not cumulative.
    package private(set) var counts: [Int]
    /// Of all values.
    package private(set) var sum = 0.0

    /// - Parameter bounds: upper bounds, ascending and finite; at most 100.
    package init(bounds: [Double]) {
        precondition(bounds.count <= Self.boundLimit, "at most \(Self.boundLimit) buckets")
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "bounds ascend")
        precondition(bounds.allSatisfy(\.isFinite), "bounds are finite; the bucket above all of them is always there")
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// Enters a value.
    ///
    /// - Parameters:
    ///   - value: in the histogram's unit; NaN is left out, because it would spoil the sum for ever.
    ///   - times: how often it was seen; zero changes nothing.
    package mutating func observe(_ value: Double, times: Int = 1) {
        guard !value.isNaN, times > 0 else { return }
        counts[bucket(of: value)] += times
        sum += value * Double(times)
    }

    /// All values seen.
    package var count: Int { counts.reduce(0, +) }

    /// The first whose bound is not below the value, by halving.
    private func bucket(of value: Double) -> Int {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    static let boundLimit = 100
}
