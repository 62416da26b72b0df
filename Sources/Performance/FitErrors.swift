/// How far a fitted model is from what was measured: absolute relative errors, 0.01 = 1 %.
package struct FitErrors: Hashable, Sendable {
    /// Measurements compared.
    package var count: Int
    package var mean: Double
    package var median: Double
    /// Nine in ten measurements have a smaller error.
    package var p90: Double
    package var max: Double

    /// Summary of the errors; nil when there are none.
    package init?(_ errors: [Double]) {
        guard !errors.isEmpty else { return nil }
        let sorted = errors.sorted()
        count = sorted.count
        mean = sorted.reduce(0, +) / Double(sorted.count)
        median = Self.quantile(sorted, 0.5)
        p90 = Self.quantile(sorted, 0.9)
        max = sorted[sorted.count - 1]
    }

    /// Linear interpolation between the neighbouring elements.
    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let position = share * Double(sorted.count - 1)
        let lower = Int(position)
        let upper = Swift.min(lower + 1, sorted.count - 1)
        return sorted[lower] + (position - Double(lower)) * (sorted[upper] - sorted[lower])
    }
}
