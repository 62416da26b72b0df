internal import RealModule

/// Tails of distributions, as far as capacity needs them.
enum Tails {
    /// P(Z <= z) of the standard normal distribution.
    static func normal(_ z: Double) -> Double { 0.5 * Double.erfc(-z / 2.0.squareRoot()) }

    /// P(X <= x) of the gamma distribution, by mean and variance, after Wilson and Hilferty (1931): the cube root of such a number is
    /// nearly normal.
    ///
    /// - Parameters:
    ///   - x: 0 or more.
    ///   - mean: above 0.
    ///   - variance: above 0.
    /// - Returns: 0 ... 1.
    static func gamma(below x: Double, mean: Double, variance: Double) -> Double {
        let spread = variance / (9 * mean * mean)
        return normal((Double.root(max(x / mean, 0), 3) - (1 - spread)) / spread.squareRoot())
    }
}
