/// A Kalman filter of a level and a trend per step.
///
/// `level' = level + trend + noise(q level)`, `trend' = trend + noise(q trend)`, `measured = level + noise(r)`.
/// The first measurement sets the level; the trend starts at 0 with the covariance `diag(1000, 1000)`.
/// Source: the "kalman" load predictor of NVIDIA Dynamo's planner.
package struct LocalLinearTrendFilter: Sendable {
    /// Variance of both states before anything is known.
    package static let initialVariance = 1000.0

    private let levelNoise: Double
    private let trendNoise: Double
    private let measurementNoise: Double
    private var level = 0.0
    private var trend = 0.0
    /// Covariance of (level, trend): the two variances and what lies between them.
    private var levelVariance = LocalLinearTrendFilter.initialVariance
    private var covariance = 0.0
    private var trendVariance = LocalLinearTrendFilter.initialVariance
    /// Measurements taken in so far.
    package private(set) var count = 0

    /// - Parameters:
    ///   - levelNoise: variance added to the level at each step, above 0.
    ///   - trendNoise: variance added to the trend at each step, zero or more.
    ///   - measurementNoise: variance of a measurement, above 0.
    package init(levelNoise: Double, trendNoise: Double, measurementNoise: Double) {
        precondition(levelNoise > 0 && trendNoise >= 0 && measurementNoise > 0, "variances are above zero")
        self.levelNoise = levelNoise
        self.trendNoise = trendNoise
        self.measurementNoise = measurementNoise
    }

    /// The level expected one step after the last measurement; 0 before the first.
    package var next: Double { level + trend }

    /// Advances by one step and takes in what was measured.
    package mutating func append(_ measured: Double) {
        defer { count += 1 }
        guard count > 0 else {
            level = measured
            return
        }
        advance()
        correct(measured)
    }

    /// `P = F P F' + Q` for `F = [1 1; 0 1]`.
    private mutating func advance() {
        level += trend
        levelVariance += 2 * covariance + trendVariance + levelNoise
        covariance += trendVariance
        trendVariance += trendNoise
    }

    /// The gain is the first column of P divided by the innovation's variance.
    private mutating func correct(_ measured: Double) {
        let innovationVariance = levelVariance + measurementNoise
        let levelGain = levelVariance / innovationVariance
        let trendGain = covariance / innovationVariance
        let innovation = measured - level
        level += levelGain * innovation
        trend += trendGain * innovation
        trendVariance -= trendGain * covariance
        covariance *= 1 - levelGain
        levelVariance *= 1 - levelGain
    }
}
