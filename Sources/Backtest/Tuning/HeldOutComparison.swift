internal import RealModule

/// Chosen settings beside the default on traffic that the choice has not seen.
///
/// A search picks what did best, and some of that is luck. So what it picked has to be better elsewhere too, by more than one
/// standard error of the differences between runs of the same seed.
package struct HeldOutComparison: Hashable, Sendable {
    /// By seed.
    package let chosen: [TuningMeasurement]
    package let standard: [TuningMeasurement]
    package let target: Double

    /// - Parameters:
    ///   - chosen: runs with what the search found; at least one.
    ///   - standard: runs with the default, of the same seeds.
    ///   - target: attainment that is to be reached.
    package init(chosen: [TuningMeasurement], standard: [TuningMeasurement], target: Double) {
        precondition(!chosen.isEmpty && chosen.count == standard.count, "runs are compared in pairs")
        self.chosen = chosen
        self.standard = standard
        self.target = target
    }

    package var chosenMean: TuningMeasurement { TuningMeasurement(meanOf: chosen) }
    package var standardMean: TuningMeasurement { TuningMeasurement(meanOf: standard) }

    /// Whether the chosen settings are better: only they reach the target; or both do and they cost less; or neither does and
    /// they come nearer; the latter two by more than the error of the difference.
    package var isBetter: Bool {
        switch (chosenMean.reaches(target), standardMean.reaches(target)) {
        case (true, false): true
        case (false, true): false
        case (true, true): Self.isClear(zip(standard, chosen).map { $0.acceleratorHours - $1.acceleratorHours })
        case (false, false): Self.isClear(zip(chosen, standard).map { $0.attainment - $1.attainment })
        }
    }

    /// Whether the mean of the differences is above their standard error, and above zero.
    private static func isClear(_ differences: [Double]) -> Bool {
        let count = Double(differences.count)
        let mean = differences.reduce(0, +) / count
        guard mean > 0 else { return false }
        guard differences.count > 1 else { return true }
        let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return mean > (squares / (count - 1) / count).squareRoot()
    }
}
