import Sampling
import Testing

/// Moments over many draws. Seeds are fixed, so a test that passes always passes; limits are five standard errors wide, so
/// that a right generator would pass with nearly any seed.
struct DistributionsTests {
    private static let draws = 100_000

    /// Mean and variance of `draws` draws.
    private func moments(
        seed: UInt64, _ draw: (inout SeededGenerator) -> Double
    ) -> (mean: Double, variance: Double, smallest: Double) {
        var generator = SeededGenerator(seed: seed)
        let values = (0..<Self.draws).map { _ in draw(&generator) }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, squares / Double(values.count - 1), values.min() ?? .nan)
    }

    /// Five standard errors of the mean.
    private func meanLimit(variance: Double) -> Double { 5 * (variance / Double(Self.draws)).squareRoot() }

    /// Five standard errors of the variance, given the excess kurtosis of what is drawn.
    private func varianceLimit(variance: Double, excessKurtosis: Double) -> Double {
        5 * variance * ((excessKurtosis + 2) / Double(Self.draws)).squareRoot()
    }

    @Test func uniform_manyDraws_fillTheUnitIntervalEvenly() {
        let drawn = moments(seed: 1) { $0.uniform() }
        #expect(abs(drawn.mean - 0.5) < meanLimit(variance: 1.0 / 12))
        #expect(abs(drawn.variance - 1.0 / 12) < varianceLimit(variance: 1.0 / 12, excessKurtosis: -1.2))
        #expect(drawn.smallest >= 0)
    }

    @Test func uniform_extremeBits_staysWithinItsBounds() {
        var zeros = ConstantBits(bits: 0)
        var ones = ConstantBits(bits: .max)
        #expect(zeros.uniform() == 0)
        #expect(ones.uniform() < 1)
        #expect(zeros.uniformOpen() > 0)
        #expect(ones.uniformOpen() < 1)
        #expect(zeros.exponential(mean: 1).isFinite)
        #expect(zeros.normal().isFinite)
    }

    @Test(arguments: [0.1, 1, 40])
    func exponential_manyDraws_hasItsMeanAndVariance(mean: Double) {
        let drawn = moments(seed: 2) { $0.exponential(mean: mean) }
        #expect(abs(drawn.mean - mean) < meanLimit(variance: mean * mean))
        #expect(abs(drawn.variance - mean * mean) < varianceLimit(variance: mean * mean, excessKurtosis: 6))
        #expect(drawn.smallest > 0)
    }

    @Test func normal_manyDraws_hasMeanZeroAndVarianceOne() {
        let drawn = moments(seed: 3) { $0.normal() }
        #expect(abs(drawn.mean) < meanLimit(variance: 1))
        #expect(abs(drawn.variance - 1) < varianceLimit(variance: 1, excessKurtosis: 0))
    }

    @Test func lognormal_startUpTimes_haveTheirMedianAndPercentile95() {
        // ln 2 / 1.6449 = 0.42139: 95 % of start-ups of median 60 s take at most 120 s.
        var generator = SeededGenerator(seed: 4)
        let values = (0..<Self.draws).map { _ in generator.lognormal(median: 60, sigma: 0.421_392) }
        let below = { (limit: Double) in Double(values.count { $0 <= limit }) / Double(values.count) }
        // Standard errors of the two shares: sqrt(0.25 / n) = 0.0016 and sqrt(0.05 x 0.95 / n) = 0.0007.
        #expect(abs(below(60) - 0.5) < 0.008)
        #expect(abs(below(120) - 0.95) < 0.0035)
    }

    @Test func lognormal_withoutSpread_isTheMedianAndStillDraws() {
        var exact = SeededGenerator(seed: 5)
        var spread = SeededGenerator(seed: 5)
        #expect(exact.lognormal(median: 180, sigma: 0) == 180)
        _ = spread.lognormal(median: 180, sigma: 0.4)
        #expect(exact.next() == spread.next())
    }

    @Test(arguments: [0.2, 0.5, 0.99, 1, 2.5, 40])
    func gamma_manyDraws_hasItsMeanAndVariance(shape: Double) {
        let scale = 3.0
        let drawn = moments(seed: 6) { $0.gamma(shape: shape, scale: scale) }
        let variance = shape * scale * scale
        #expect(abs(drawn.mean - shape * scale) < meanLimit(variance: variance))
        #expect(abs(drawn.variance - variance) < varianceLimit(variance: variance, excessKurtosis: 6 / shape))
        #expect(drawn.smallest >= 0)
    }

    @Test(arguments: [0.5, 25, 30, 30.5, 300])
    func poisson_manyDraws_hasItsMeanAndVariance(mean: Double) {
        let drawn = moments(seed: 7) { Double($0.poisson(mean: mean)) }
        #expect(abs(drawn.mean - mean) < meanLimit(variance: mean))
        #expect(abs(drawn.variance - mean) < varianceLimit(variance: mean, excessKurtosis: 1 / mean))
        #expect(drawn.smallest >= 0)
    }

    @Test func poisson_meanOneHalf_hasItsSharesOfNoneAndOne() {
        // exp(-0.5) = 0.60653 none, half of that one.
        var generator = SeededGenerator(seed: 8)
        let counts = (0..<Self.draws).map { _ in generator.poisson(mean: 0.5) }
        #expect(abs(Double(counts.count { $0 == 0 }) / Double(Self.draws) - 0.606_53) < 0.008)
        #expect(abs(Double(counts.count { $0 == 1 }) / Double(Self.draws) - 0.303_27) < 0.008)
    }

    @Test func poisson_meanZero_isNone() {
        var generator = SeededGenerator(seed: 9)
        #expect((0..<1000).allSatisfy { _ in generator.poisson(mean: 0) == 0 })
    }
}

/// The ends of what a generator can give.
private struct ConstantBits: RandomNumberGenerator {
    let bits: UInt64
    mutating func next() -> UInt64 { bits }
}
