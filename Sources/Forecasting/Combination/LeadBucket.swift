internal import RealModule

/// The judge of all models at one lead: how well each has done so many steps ahead, and by how much it misses.
///
/// Every forecast at this lead is kept until its step comes. Then each model's residual enters its window, and the pinball
/// loss of its quantiles enters its fading losses. Long leads are judged at every eighth part of the lead only: residuals that
/// overlap tell the same thing again.
package struct LeadBucket: Hashable, Sendable, Codable {
    /// Levels at which models are judged and coverage is kept.
    package static let levels = [0.1, 0.5, 0.9, 0.99]
    package static let windowCount = 128
    /// Judgements in a model's fading loss.
    package static let lossMemory = 150.0
    /// Steepness of weights: a model that is worse by a tenth of the best loss weighs e^-1.
    package static let steepness = 10.0
    /// Step of the adaptive level (Gibbs and Candes 2021).
    package static let adaptation = 0.01

    package let lead: Int
    package let stride: Int
    /// Of the forecasts that wait for their step, by slot: the place they are due at, the spread then, each model's point,
    /// and the combination's quantiles at `levels`.
    private var dues: [Int]
    private var spreads: [Double]
    private var points: [Double]
    private var issuedValues: [Double]
    package private(set) var windows: [ResidualWindow]
    /// Per model, at each level.
    private var losses: [Double]
    private var judgedCount = 0.0
    package private(set) var weights: [Double]
    /// What the level asked for must be so that the level meant is covered.
    package private(set) var adapted: [Double] = LeadBucket.levels

    package init(lead: Int, modelCount: Int) {
        self.lead = lead
        stride = max(lead / 8, 1)
        let slots = lead / stride + 1
        dues = Array(repeating: -1, count: slots)
        spreads = Array(repeating: 1, count: slots)
        points = Array(repeating: 0, count: slots * modelCount)
        issuedValues = Array(repeating: 0, count: slots * Self.levels.count)
        windows = Array(repeating: ResidualWindow(capacity: Self.windowCount), count: modelCount)
        losses = Array(repeating: 0, count: modelCount * Self.levels.count)
        weights = Array(repeating: 1 / Double(modelCount), count: modelCount)
    }

    package var count: Int { windows[0].count }

    private func slot(_ place: Int) -> Int { place / stride % dues.count }

    /// Forgets forecasts that wait; what was learned stays.
    package mutating func drop() {
        for index in dues.indices { dues[index] = -1 }
    }

    /// Keeps a forecast made at `place`. `paths` holds the models one after the other, `stepsMax` values each.
    package mutating func issue(
        at place: Int, paths: borrowing [Double], stepsMax: Int, spread: Double, issued: [Double]
    ) {
        let slot = slot(place)
        dues[slot] = place + lead
        spreads[slot] = spread
        for index in issued.indices { issuedValues[slot * Self.levels.count + index] = issued[index] }
        for model in windows.indices {
            points[slot * windows.count + model] = paths[model * stepsMax + lead - 1]
        }
    }

    /// Compares what was forecast for `place`, if anything, with what came.
    package mutating func judge(_ measured: Double, at place: Int) {
        guard place >= lead, (place - lead) % stride == 0 else { return }
        let slot = slot(place - lead)
        guard dues[slot] == place else { return }
        dues[slot] = -1
        adapt(measured, slot: slot)
        let spread = spreads[slot]
        judgedCount += 1
        let gain = 1 / min(judgedCount, Self.lossMemory)
        let levels = Self.levels
        for model in windows.indices {
            let residual = (measured - points[slot * windows.count + model]) / spread
            if windows[model].count > 0 {
                for index in levels.indices {
                    let miss = residual - windows[model].quantile(levels[index])
                    let loss = (miss > 0 ? levels[index] * miss : (levels[index] - 1) * miss) * spread
                    let place = model * levels.count + index
                    losses[place] += gain * (loss - losses[place])
                }
            }
            windows[model].append(residual)
        }
        weigh()
    }

    /// Adaptive conformal inference: a miss widens what is asked for, a hit narrows it a little.
    private mutating func adapt(_ measured: Double, slot: Int) {
        guard count >= 20 else { return }
        for (index, level) in Self.levels.enumerated() {
            let isCovered = measured <= issuedValues[slot * Self.levels.count + index]
            let step = Self.adaptation * min(level, 1 - level) * 4
            adapted[index] += step * (level - (isCovered ? 1 : 0))
            adapted[index] = min(max(adapted[index], level / 4), 1 - (1 - level) / 4)
        }
    }

    /// Exponential weights on fading losses, relative to the best model's: the unit of the series does not matter.
    private mutating func weigh() {
        let size = Self.levels.count
        var totals = Array(repeating: 0.0, count: windows.count)
        for model in windows.indices { for index in 0..<size { totals[model] += losses[model * size + index] } }
        guard let best = totals.min(), best > 0 else {
            // Models that never missed share all weight.
            let perfect = totals.map { $0 == 0 ? 1.0 : 0 }
            let number = perfect.reduce(0, +)
            for model in windows.indices { weights[model] = perfect[model] / number }
            return
        }
        var sum = 0.0
        for model in windows.indices {
            weights[model] = .exp(-Self.steepness * (totals[model] / best - 1))
            sum += weights[model]
        }
        for model in windows.indices { weights[model] /= sum }
    }

    /// The level to ask for in place of `level`: the shifts of the levels that are judged, linear between them.
    package func adaptedLevel(_ level: Double) -> Double {
        let known = Self.levels
        if level <= known[0] { return level * adapted[0] / known[0] }
        for index in 1..<known.count where level <= known[index] {
            let share = (level - known[index - 1]) / (known[index] - known[index - 1])
            return adapted[index - 1] + share * (adapted[index] - adapted[index - 1])
        }
        let last = known.count - 1
        return 1 - (1 - level) * (1 - adapted[last]) / (1 - known[last])
    }

    /// What the combination is expected to miss by at a level, before it is multiplied by the spread.
    package func residual(_ level: Double) -> Double {
        var sum = 0.0
        for model in windows.indices where weights[model] > 1e-3 {
            sum += weights[model] * windows[model].quantile(level)
        }
        return sum
    }
}
