/// Mean and spread of one figure over the seeds of a policy.
package struct Statistic: Hashable, Sendable {
    /// Infinite when any of the values is.
    package let mean: Double
    /// Standard deviation of the sample (divided by count - 1); nil with fewer than two values, or when the mean is infinite.
    package let deviation: Double?

    /// - Parameter values: at least one, none of them NaN.
    package init(_ values: [Double]) {
        precondition(!values.isEmpty, "a statistic of no values")
        let mean = values.reduce(0, +) / Double(values.count)
        self.mean = mean
        if values.count < 2 || mean.isInfinite {
            deviation = nil
        } else {
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            deviation = (squares / Double(values.count - 1)).squareRoot()
        }
    }
}
