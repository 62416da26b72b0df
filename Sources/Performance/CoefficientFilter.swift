package import Fleet

/// Learns by how much a replica differs from its profile, from the time between tokens that it shows.
///
/// Three factors multiply what the profile says of an iteration: its fixed part (c0), what each sequence and its context add
/// (c1, c2, c6), and prefill (c3, c4). They are estimated by recursive least squares, in the form of a Kalman filter whose state
/// walks at random (Ljung and Soderstrom, "Theory and Practice of Recursive Identification", 1983, section 2.6): what was measured
/// long ago counts less, and what is never excited stays as it was.
///
/// Most differences are of the whole engine: another clock, another version. So beforehand the three factors are expected to
/// move together far more than apart, and one number measured corrects all of them.
///
/// Bounded: factors stay within `range`. Robust: a measurement further off than three standard errors counts as one at three.
/// When `changeCount` in a row are, and to the same side, the engine is taken for another one, and learning begins anew.
package struct CoefficientFilter: Hashable, Sendable, Codable {
    /// What the profile says of one measurement: seconds between tokens, by cause.
    package struct Parts: Hashable, Sendable {
        /// Of an iteration without anybody in it (c0).
        package var fixed: Double
        /// Of the sequences that decode and of their context (c1, c2, c6).
        package var sequences: Double
        /// Of prefill between the tokens (c3, c4).
        package var prefill: Double

        package init(fixed: Double, sequences: Double, prefill: Double) {
            self.fixed = fixed
            self.sequences = sequences
            self.prefill = prefill
        }

        fileprivate var values: [Double] { [fixed, sequences, prefill] }
    }

    /// Factors that are believed.
    package static let range = 0.25...4.0
    /// Standard deviations of the factors beforehand: together, and apart.
    static let together = 0.3
    static let apart = 0.05
    /// Time in which as much uncertainty comes in as there was beforehand, in seconds.
    static let memory = 3600.0
    /// Standard error of a measurement, as a share, and what is added where all of it is prefill: bursts of prompts and those
    /// who decode meet more or less than on average.
    static let measurementError = 0.05
    static let prefillError = 0.3
    /// Standard errors beyond which a measurement is cut.
    static let cut = 3.0
    /// Cut measurements in a row, to the same side, that mean another engine.
    static let changeCount = 3

    /// By cause, in the order of `Parts`.
    private var factors = [1.0, 1.0, 1.0]
    private var covariance = CoefficientFilter.prior
    /// Measurements cut in a row; negative when they were too low.
    private var cutInARow = 0

    package init() {}

    /// What is known of the engine.
    package var times: EngineTimes { EngineTimes(fixed: factors[0], sequences: factors[1], prefill: factors[2]) }

    /// Takes in a measurement.
    ///
    /// - Parameters:
    ///   - measured: mean time between tokens, in seconds. Anything but a number above zero is left aside.
    ///   - parts: what the profile says of it; their sum is above zero.
    ///   - elapsed: since the last measurement, in seconds.
    package mutating func append(_ measured: Double, parts: Parts, elapsed: Double) {
        let total = parts.values.reduce(0, +)
        guard measured > 0, measured.isFinite, total > 0, total.isFinite else { return }
        forget(elapsed)
        let shares = parts.values.map { $0 / total }
        let miss = measured / total - zip(shares, factors).reduce(0) { $0 + $1.0 * $1.1 }
        let error = CoefficientFilter.measurementError + CoefficientFilter.prefillError * shares[2]
        noteCut(miss: miss, limit: limit(shares, error))
        if abs(cutInARow) >= CoefficientFilter.changeCount {
            covariance = CoefficientFilter.prior
            cutInARow = 0
        }
        let limit = limit(shares, error)
        update(shares, miss: min(max(miss, -limit), limit), error: error)
    }

    /// The miss from which a measurement is cut.
    private func limit(_ shares: [Double], _ error: Double) -> Double {
        CoefficientFilter.cut * (variance(of: shares) + error * error).squareRoot()
    }

    private static var prior: [[Double]] {
        (0..<3).map { row in
            (0..<3).map { together * together + (row == $0 ? apart * apart : 0) }
        }
    }

    private mutating func noteCut(miss: Double, limit: Double) {
        guard abs(miss) > limit else {
            cutInARow = 0
            return
        }
        let isHigh = miss > 0
        cutInARow = isHigh ? max(cutInARow, 0) + 1 : min(cutInARow, 0) - 1
    }

    /// Uncertainty grows with time, up to what it was beforehand.
    private mutating func forget(_ elapsed: Double) {
        let prior = CoefficientFilter.prior
        let share = min(max(elapsed, 0) / CoefficientFilter.memory, 1)
        for row in 0..<3 {
            for column in 0..<3 { covariance[row][column] += share * prior[row][column] }
        }
        let excess = (0..<3).map { covariance[$0][$0] / prior[$0][$0] }.max() ?? 1
        guard excess > 1 else { return }
        for row in 0..<3 {
            for column in 0..<3 { covariance[row][column] /= excess }
        }
    }

    private func variance(of shares: [Double]) -> Double {
        zip(shares, gains(shares)).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The covariance times the regressors.
    private func gains(_ shares: [Double]) -> [Double] {
        (0..<3).map { row in (0..<3).reduce(0) { $0 + covariance[row][$1] * shares[$1] } }
    }

    private mutating func update(_ shares: [Double], miss: Double, error: Double) {
        let gains = gains(shares)
        let total = variance(of: shares) + error * error
        for row in 0..<3 {
            let factor = factors[row] + gains[row] / total * miss
            factors[row] = min(max(factor, CoefficientFilter.range.lowerBound), CoefficientFilter.range.upperBound)
        }
        for row in 0..<3 {
            for column in 0..<3 { covariance[row][column] -= gains[row] * gains[column] / total }
        }
    }
}

extension PerformanceProfile {
    /// An engine that takes so many times as long: for an iteration without anybody in it (c0), for its sequences (c1, c2, c6), and for
    /// prefill (c3, c4).
    package func timed(_ times: EngineTimes) -> PerformanceProfile {
        var engine = self
        engine.c0 *= times.fixed
        for cost in [\PerformanceProfile.c1, \.c2, \.c6] { engine[keyPath: cost] *= times.sequences }
        for cost in [\PerformanceProfile.c3, \.c4] { engine[keyPath: cost] *= times.prefill }
        return engine
    }
}
