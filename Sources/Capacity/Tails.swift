internal import RealModule

/// Tails of distributions, as far as capacity needs them.
enum Tails {
    /// P(Z <= z) of the standard normal distribution.
    static func normal(_ z: Double) -> Double { 0.5 * Double.erfc(-z / 2.0.squareRoot()) }

    /// P(X > x) of a share with the beta distribution, by mean and by the sum of its parameters.
    ///
    /// The continued fraction of the incomplete beta function (DLMF 8.17.22) by the method of Lentz; it converges fast
    /// for x up to the mean, and the other tail is found by symmetry (8.17.4).
    ///
    /// - Parameters:
    ///   - x: 0 ... 1.
    ///   - mean: above 0, below 1.
    ///   - weight: a + b, above 0: small for a share that is mostly 0 or 1, large for one that hardly varies.
    /// - Returns: 0 ... 1.
    static func beta(above x: Double, mean: Double, weight: Double) -> Double {
        guard x > 0 else { return 1 }
        guard x < 1 else { return 0 }
        let (a, b) = (mean * weight, (1 - mean) * weight)
        if x < (a + 1) / (a + b + 2) { return 1 - lowerBeta(x, a, b) }
        return lowerBeta(1 - x, b, a)
    }

    /// The regularised incomplete beta function for x below (a + 1)/(a + b + 2).
    private static func lowerBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let front = Double.exp(
            Double.logGamma(a + b) - Double.logGamma(a) - Double.logGamma(b) + a * Double.log(x)
                + b * Double.log(onePlus: -x))
        return min(front / a * betaFraction(x, a, b), 1)
    }

    private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        var numerator = 1.0
        var denominator = 1 / nonZero(1 - (a + b) * x / (a + 1), tiny)
        var fraction = denominator
        for step in 1...200 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            denominator = 1 / nonZero(1 + even * denominator, tiny)
            numerator = nonZero(1 + even / numerator, tiny)
            fraction *= denominator * numerator
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            denominator = 1 / nonZero(1 + odd * denominator, tiny)
            numerator = nonZero(1 + odd / numerator, tiny)
            let change = denominator * numerator
            fraction *= change
            if abs(change - 1) < 1e-10 { break }
        }
        return fraction
    }

    private static func nonZero(_ value: Double, _ tiny: Double) -> Double { abs(value) < tiny ? tiny : value }
}
