internal import Sampling

/// A heavy-tailed distribution of token counts.
package struct LognormalTokens: Hashable, Sendable {
    /// The middle length, above zero.
    package var median: Double
    /// Standard deviation of the logarithm, zero or more; at 1 the mean is 1.65 times the median.
    package var sigma: Double
    /// Longer draws are cut to this.
    package var max: UInt32

    package init(median: Double, sigma: Double, max: UInt32) {
        self.median = median
        self.sigma = sigma
        self.max = max
    }

    func draw(using generator: inout some RandomNumberGenerator) -> UInt32 {
        UInt32(min(generator.lognormal(median: median, sigma: sigma).rounded(), Double(max)))
    }
}
