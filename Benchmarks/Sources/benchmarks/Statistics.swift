/// Mean and standard deviation of a few runs.
struct Statistics {
    var mean: Double
    /// Of the sample; 0 for a single run.
    var deviation: Double
    var count: Int

    init(mean: Double, deviation: Double, count: Int) {
        self.mean = mean
        self.deviation = deviation
        self.count = count
    }

    init(_ values: [Double]) {
        precondition(!values.isEmpty, "a mean needs values")
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0
        self.init(mean: mean, deviation: deviation, count: values.count)
    }

    /// Variance of the mean.
    var meanVariance: Double { deviation * deviation / Double(count) }

    /// Whether two means differ by no more than `tolerance` or two standard errors of their difference.
    func agrees(with other: Statistics, tolerance: Double) -> Bool {
        let errors = 2 * (meanVariance + other.meanVariance).squareRoot()
        return abs(mean - other.mean) <= max(tolerance, errors)
    }
}
