internal import RealModule

extension RandomNumberGenerator {
    /// A uniform draw from [0, 1) with 53 random bits.
    package mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1.0p-53
    }

    /// A uniform draw from (0, 1): never zero, so that its logarithm is finite.
    package mutating func uniformOpen() -> Double {
        (Double(next() >> 12) + 0.5) * 0x1.0p-52
    }

    /// A standard normal draw (Box and Muller 1958, the cosine half).
    package mutating func normal() -> Double {
        let radius = (-2 * Double.log(uniformOpen())).squareRoot()
        return radius * Double.cos(2 * Double.pi * uniform())
    }

    /// An exponential draw; its mean must be above zero.
    package mutating func exponential(mean: Double) -> Double {
        -mean * Double.log(uniformOpen())
    }

    /// A lognormal draw.
    ///
    /// - Parameters:
    ///   - median: the median, above zero.
    ///   - sigma: standard deviation of the logarithm; 0 returns the median.
    /// - Returns: a draw above zero.
    package mutating func lognormal(median: Double, sigma: Double) -> Double {
        let deviate = normal()
        return sigma == 0 ? median : median * Double.exp(sigma * deviate)
    }

    /// A gamma draw (Marsaglia and Tsang 2000).
    ///
    /// - Parameters:
    ///   - shape: above zero; below 1 is raised by one and scaled back.
    ///   - scale: above zero; the mean is `shape * scale`.
    /// - Returns: a draw above zero.
    package mutating func gamma(shape: Double, scale: Double) -> Double {
        if shape < 1 {
            let boost = Double.pow(uniformOpen(), 1 / shape)
            return gamma(shape: shape + 1, scale: scale) * boost
        }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
            if v > 0, Double.log(uniformOpen()) < 0.5 * x * x + d - d * v + d * Double.log(v) {
                return d * v * scale
            }
        }
    }

    /// A Poisson count, the mean being zero or more: by multiplication up to a mean of 30, above it by way of the time of a
    /// late arrival (exact).
    package mutating func poisson(mean: Double) -> Int {
        var left = mean
        var count = 0
        while left > 30 {
            // A gamma variable of integer shape is the time of the m-th arrival (Ahrens and Dieter 1974).
            let m = Int(left * 7 / 8)
            let arrival = gamma(shape: Double(m), scale: 1)
            if arrival > left { return count + binomial(trials: m - 1, probability: left / arrival) }
            count += m
            left -= arrival
        }
        let limit = Double.exp(-left)
        var product = uniformOpen()
        while product > limit {
            count += 1
            product *= uniformOpen()
        }
        return count
    }

    private mutating func binomial(trials: Int, probability: Double) -> Int {
        var count = 0
        for _ in 0..<trials where uniform() < probability { count += 1 }
        return count
    }
}
