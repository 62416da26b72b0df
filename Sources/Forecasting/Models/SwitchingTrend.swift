internal import RealModule

/// Level and slope under three regimes - still, drifting, turning - of which the likeliest leads.
///
/// A bank of Kalman filters of a local linear trend that differ in how much level and slope may move in a step; each step
/// the filters start from states mixed by the chances of a change of regime, and the regimes are weighed by how well they
/// foresaw the value (interacting multiple model estimator, Blom and Bar-Shalom 1988). So a ramp is followed within a few
/// steps, and chance about a level is not taken for one. Noise is the fading mean absolute innovation, so the unit of the
/// series does not matter. The slope is damped ahead, as in `DampedTrend`.
package struct SwitchingTrend: Hashable, Sendable, Codable {
    package static let regimeCount = 3
    /// Variance that level and slope gain in a step, over that of the noise.
    package static let levelNoise = [0.002, 0.03, 0.3]
    package static let slopeNoise = [0.0, 0.001, 0.02]
    /// Chance that a regime lasts for another step.
    package static let stay = 0.95
    package static let damping = 0.97
    /// Steps over which the noise is measured.
    package static let noiseSteps = 60.0
    /// An innovation counts at most so many deviations: one burst is no proof.
    package static let surpriseMax = 4.0

    /// State of a regime: level, slope, and their covariance.
    private struct Filter: Hashable, Sendable, Codable {
        var level = 0.0
        var slope = 0.0
        var levelVariance = 1.0
        var covariance = 0.0
        var slopeVariance = 0.1
        /// How probable the regime is.
        var chance = 1.0 / Double(SwitchingTrend.regimeCount)
    }

    private var filters = [Filter](repeating: Filter(), count: SwitchingTrend.regimeCount)
    private var noise = FadingMean(steps: SwitchingTrend.noiseSteps)
    private var count = 0

    package init() {}

    /// The chances of the regimes, still first; they sum to 1.
    package var chances: [Double] { filters.map(\.chance) }

    /// Takes in the next step; nil is a gap, in which the trend goes on.
    package mutating func append(_ measured: Double?) {
        guard count > 0 else {
            guard let measured else { return }
            for index in filters.indices { filters[index].level = measured }
            count = 1
            return
        }
        mix()
        for index in filters.indices { predict(index) }
        guard let measured else { return }
        count += 1
        learnNoise(measured)
        correct(measured)
    }

    /// Variances are in units of the noise's.
    private mutating func learnNoise(_ measured: Double) {
        var expected = 0.0
        for filter in filters { expected += filter.chance * filter.level }
        noise.append(abs(measured - expected))
    }

    /// Each filter begins from what all knew, by the chance that its regime came from each.
    private mutating func mix() {
        let before = filters
        let change = (1 - Self.stay) / Double(Self.regimeCount - 1)
        for index in filters.indices {
            var mixed = Filter()
            (mixed.level, mixed.slope, mixed.levelVariance, mixed.slopeVariance) = (0, 0, 0, 0)
            mixed.chance = 0
            for (from, filter) in before.enumerated() {
                let weight = filter.chance * (from == index ? Self.stay : change)
                mixed.chance += weight
                mixed.level += weight * filter.level
                mixed.slope += weight * filter.slope
            }
            mixed.level /= mixed.chance
            mixed.slope /= mixed.chance
            for (from, filter) in before.enumerated() {
                let weight = filter.chance * (from == index ? Self.stay : change) / mixed.chance
                let level = inDeviations(filter.level - mixed.level)
                let slope = inDeviations(filter.slope - mixed.slope)
                mixed.levelVariance += weight * (filter.levelVariance + level * level)
                mixed.covariance += weight * (filter.covariance + level * slope)
                mixed.slopeVariance += weight * (filter.slopeVariance + slope * slope)
            }
            filters[index] = mixed
        }
    }

    /// The mean absolute deviation of a normal variable is 0.8 standard deviations.
    private var deviation: Double { noise.value * 1.25 }

    /// A difference as a multiple of the noise, within reason: where there is none, rounding alone is beyond all numbers.
    private func inDeviations(_ difference: Double) -> Double {
        min(max(difference / max(deviation, .leastNormalMagnitude), -1e3), 1e3)
    }

    private mutating func predict(_ index: Int) {
        var filter = filters[index]
        filter.level += filter.slope
        filter.levelVariance += 2 * filter.covariance + filter.slopeVariance + Self.levelNoise[index]
        filter.covariance += filter.slopeVariance
        filter.slopeVariance += Self.slopeNoise[index]
        filters[index] = filter
    }

    private mutating func correct(_ measured: Double) {
        var sum = 0.0
        for index in filters.indices {
            var filter = filters[index]
            let variance = filter.levelVariance + 1
            let innovation = measured - filter.level
            let bound = Self.surpriseMax * deviation * variance.squareRoot()
            let taken = min(max(innovation, -bound), bound)
            let gain = filter.levelVariance / variance
            let slopeGain = filter.covariance / variance
            filter.level += gain * taken
            filter.slope += slopeGain * taken
            filter.slopeVariance -= slopeGain * filter.covariance
            filter.covariance *= 1 - gain
            filter.levelVariance *= 1 - gain
            let surprise = inDeviations(innovation)
            let capped = min(surprise * surprise / variance, Self.surpriseMax * Self.surpriseMax)
            filter.chance *= .exp(-capped / 2) / variance.squareRoot()
            sum += filter.chance
            filters[index] = filter
        }
        for index in filters.indices { filters[index].chance = max(filters[index].chance / sum, 1e-6) }
    }

    /// Writes the forecasts of the steps ahead.
    package func forecast(into path: UnsafeMutableBufferPointer<Double>) {
        var value = 0.0
        var slope = 0.0
        for filter in filters {
            value += filter.chance * filter.level
            slope += filter.chance * filter.slope
        }
        for index in path.indices {
            slope *= Self.damping
            value += slope
            path[index] = value
        }
    }
}
