/// Pinball loss and coverage of quantiles, added up.
///
/// The pinball loss of a quantile `v` of level `q` is `q (y - v)` where `y` exceeds it and `(1 - q) (v - y)` below: the true
/// quantile has the least mean loss (Koenker and Bassett 1978). Scaled by the naive error it is the measure of the M5
/// competition's uncertainty part.
package struct QuantileScore: Hashable, Sendable {
    package let levels: [Double]
    private var losses: [Double]
    private var covered: [Double]
    package private(set) var count = 0

    package init(levels: [Double]) {
        self.levels = levels
        losses = levels.map { _ in 0 }
        covered = losses
    }

    /// - Parameters:
    ///   - values: the forecast quantiles, one per level.
    ///   - measured: what came.
    package mutating func add(_ values: [Double], measured: Double) {
        count += 1
        for (index, level) in levels.enumerated() {
            let miss = measured - values[index]
            losses[index] += miss > 0 ? level * miss : (level - 1) * miss
            if miss <= 0 { covered[index] += 1 }
        }
    }

    /// Mean loss over the levels; nil before the first comparison.
    package var loss: Double? {
        count > 0 ? losses.reduce(0, +) / Double(count * levels.count) : nil
    }

    /// Share of what came that lay at or below each quantile; empty before the first comparison.
    package var coverage: [Double] { count > 0 ? covered.map { $0 / Double(count) } : [] }
}
