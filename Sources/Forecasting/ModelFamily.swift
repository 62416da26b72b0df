/// All models of one series, and where each of them sees it going.
package struct ModelFamily: Hashable, Sendable, Codable {
    /// Which models look ahead.
    package enum Members: String, Hashable, Sendable, Codable {
        /// All but the switching trend, weighed by what they miss.
        case whole
        /// The switching trend alone: over a few seconds a change is over before weights could have learned of it.
        case switchingTrend
        /// Those that know periods, beside a mean: what comes back is told from what does not.
        case seasonal

        /// The models in the order in which they write their paths.
        package var names: [String] {
            switch self {
            case .whole:
                [
                    "last", "smoothed", "trend", "mean", "long mean", "lags", "seasonal naive", "seasonal smoothing",
                    "fourier", "covariates",
                ]
            case .switchingTrend: ["switching trend"]
            case .seasonal: ["mean", "seasonal naive", "seasonal smoothing"]
            }
        }

        /// Whether any of them knows periods.
        package var knowsPeriods: Bool { self != .switchingTrend }
    }

    package static let historyCount = 4_096

    package let stepsMax: Int
    package let members: Members
    private var ring = ValueRing(capacity: ModelFamily.historyCount)
    private var unit = Unit()
    private var smoothed = FadingMean(steps: 6)
    private var longMean = FadingMean(steps: 1_000)
    private var trend = DampedTrend()
    private var switching = SwitchingTrend()
    package private(set) var mean = ShiftingMean()
    private var lags: LagRegression
    private var seasonal: SeasonalSmoothing?
    private var fourier: FourierRegression?
    private var covariates: CovariateRegression?
    private var ahead: [[Double]] = []
    package private(set) var periods: [Int] = []
    private var smallest: Double?
    private var largest: Double?
    /// A path of `stepsMax` values for each model.
    package private(set) var paths: [Double]

    /// - Parameters:
    ///   - stepsMax: the farthest step ahead.
    ///   - covariateCount: of what is known besides the series.
    ///   - members: the models that look ahead.
    package init(stepsMax: Int, covariateCount: Int, members: Members) {
        self.stepsMax = stepsMax
        self.members = members
        lags = LagRegression(periods: [], historyCount: Self.historyCount)
        covariates = covariateCount > 0 ? CovariateRegression(count: covariateCount) : nil
        paths = Array(repeating: 0, count: members.names.count * stepsMax)
    }

    /// Negative values were seen: forecasts may be negative too.
    package var hasNegatives: Bool { smallest.map { $0 < 0 } ?? false }

    package var history: ValueRing { ring }

    /// Takes in what is known besides the series: now, and in the steps ahead.
    package mutating func append(_ measured: Double?, covariates now: [Double], ahead: [[Double]]) {
        covariates?.append(measured, covariates: now, unit: unit)
        self.ahead = ahead.isEmpty ? [now] : ahead
    }

    /// Takes in the sample at `place`; nil is a gap, in place of which `expected` stands in the history.
    package mutating func append(_ measured: Double?, expected: Double, place: Int) {
        note(measured)
        switch members {
        case .whole: appendToAll(measured, place: place)
        case .switchingTrend: switching.append(measured)
        case .seasonal:
            seasonal?.append(measured, place: place)
            if let measured { mean.append(measured) }
        }
        ring.append(measured ?? expected)
    }

    private mutating func appendToAll(_ measured: Double?, place: Int) {
        trend.append(measured)
        seasonal?.append(measured, place: place)
        fourier?.append(measured, place: place, unit: unit)
        guard let measured else { return }
        smoothed.append(measured)
        longMean.append(measured)
        mean.append(measured)
        unit.append(measured)
        if unit.isSet { lags.append(measured, after: ring, unit: unit) }
    }

    private mutating func note(_ measured: Double?) {
        guard let measured else { return }
        smallest = min(smallest ?? measured, measured)
        largest = max(largest ?? measured, measured)
    }

    /// Begins anew with other periods: the models that know seasons learn them from the history that is kept.
    package mutating func setPeriods(_ found: [Int], place: Int) {
        // The same periods, but for a fiftieth, are no news: to learn anew costs time.
        let isSame = found.count == periods.count && zip(found, periods).allSatisfy { abs($0 - $1) * 50 <= $1 }
        guard !isSame else { return }
        periods = found
        let values = ring.latest(ring.count)
        let first = place - values.count + 1
        seasonal = periods.isEmpty ? nil : SeasonalSmoothing(periods: periods)
        for (index, value) in values.enumerated() { seasonal?.append(value, place: first + index) }
        if members == .whole { learnRegressions(values, from: first) }
    }

    private mutating func learnRegressions(_ values: [Double], from first: Int) {
        lags = LagRegression(periods: periods, historyCount: Self.historyCount)
        fourier = periods.isEmpty ? nil : FourierRegression(periods: periods)
        var replayed = ValueRing(capacity: Self.historyCount)
        for (index, value) in values.enumerated() {
            fourier?.append(value, place: first + index, unit: unit)
            if unit.isSet { lags.append(value, after: replayed, unit: unit) }
            replayed.append(value)
        }
    }

    /// Writes each model's path from `place` on.
    package mutating func look(from place: Int) {
        let steps = stepsMax
        // Moved out and back: a copy at each sample would cost as much as the models.
        var paths: [Double] = []
        swap(&paths, &self.paths)
        paths.withUnsafeMutableBufferPointer { all in
            func path(_ model: Int) -> UnsafeMutableBufferPointer<Double> {
                UnsafeMutableBufferPointer(rebasing: all[model * steps..<(model + 1) * steps])
            }
            switch members {
            case .whole: writeAll(place: place, path)
            case .switchingTrend: switching.forecast(into: path(0))
            case .seasonal:
                path(0).update(repeating: mean.mean)
                seasonalNaive(into: path(1))
                seasonalSmoothing(into: path(2), place: place)
            }
        }
        self.paths = paths
    }

    private func writeAll(place: Int, _ path: (Int) -> UnsafeMutableBufferPointer<Double>) {
        path(0).update(repeating: ring.value(age: 0) ?? 0)
        path(1).update(repeating: smoothed.value)
        trend.forecast(into: path(2))
        path(3).update(repeating: mean.mean)
        path(4).update(repeating: longMean.value)
        if unit.isSet {
            lags.forecast(into: path(5), after: ring, unit: unit, bounds: bounds)
        } else {
            path(5).update(repeating: smoothed.value)
        }
        seasonalNaive(into: path(6))
        seasonalSmoothing(into: path(7), place: place)
        if let fourier {
            fourier.forecast(into: path(8), place: place, unit: unit)
        } else {
            path(8).update(repeating: mean.mean)
        }
        if let covariates, unit.isSet, !ahead.isEmpty {
            covariates.forecast(into: path(9), ahead: ahead, unit: unit)
        } else {
            path(9).update(repeating: mean.mean)
        }
    }

    /// The mean while no period is known.
    private func seasonalSmoothing(into path: UnsafeMutableBufferPointer<Double>, place: Int) {
        guard let seasonal else { return path.update(repeating: mean.mean) }
        seasonal.forecast(into: path, place: place)
    }

    /// What was seen, and as much again on both sides.
    private var bounds: ClosedRange<Double> {
        let (low, high) = (smallest ?? 0, largest ?? 0)
        return low - (high - low)...high + (high - low)
    }

    /// The value at the same part of the latest period; the longest period that the history holds.
    private func seasonalNaive(into path: UnsafeMutableBufferPointer<Double>) {
        guard let period = periods.last(where: { $0 < ring.count }) else {
            path.update(repeating: ring.value(age: 0) ?? 0)
            return
        }
        for step in path.indices { path[step] = ring.value(age: period - 1 - step % period) ?? 0 }
    }
}
