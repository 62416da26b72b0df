internal import RealModule

/// Which errors a fit makes small.
package enum FitErrorKind: String, Hashable, Sendable, CaseIterable {
    /// `modelled / measured - 1`.
    case relative
    /// `ln(modelled / measured)`.
    case logarithmic
}

/// The coefficients and r, zero or more, that make the errors of logarithms small: Gauss and Newton's method with soft-L1
/// weights by error, each step a non-negative least squares, and halved until it makes things better.
///
/// The model is linear in the coefficients for a given r, and linear in r for given coefficients: `(f + r g) . c`.
struct LogarithmicFit {
    private(set) var coefficients: [Double]
    private(set) var interference = 0.0

    private static let stepsMax = 100
    private static let halvingsMax = 20
    /// Relative change of the loss below which the search has settled.
    private static let settledChange = 1e-9
    /// Where r begins.
    private static let startInterference = 0.01

    private let plain: [[Double]]
    private let waiting: [[Double]]
    private let seconds: [Double]
    private let scale: Double?
    /// Positions of the coefficients that are searched.
    private let fitted: [Int]
    private let hasInterference: Bool

    /// - Parameters:
    ///   - measurements: with times above zero.
    ///   - coefficients: where the search begins, not all zero; those not fitted stay.
    ///   - fitted: positions of those that are searched.
    ///   - outlierScale: error from which a measurement counts as an outlier; nil for least squares.
    init(_ measurements: [FitMeasurement], coefficients: [Double], fitted: [Int], outlierScale: Double?) {
        let none = measurements.map { $0.factors(interference: 0) }
        plain = none
        waiting = zip(measurements, none).map { measurement, none in
            zip(measurement.factors(interference: 1), none).map { $0 - $1 }
        }
        seconds = measurements.map(\.seconds)
        scale = outlierScale
        self.fitted = fitted
        hasInterference = waiting.contains { row in row.contains { $0 != 0 } }
        self.coefficients = coefficients
        if hasInterference { interference = Self.startInterference }
        search()
    }

    private mutating func search() {
        var reached = loss
        for _ in 0..<Self.stepsMax {
            let before = reached
            guard let after = step(from: reached) else { return }
            reached = after
            if before - after <= Self.settledChange * before { return }
        }
    }

    // MARK: The model

    private func modelled(_ row: Int) -> Double {
        var sum = 0.0
        for index in coefficients.indices {
            sum += (plain[row][index] + interference * waiting[row][index]) * coefficients[index]
        }
        return sum
    }

    /// Infinite where the model gives a time of zero.
    private var loss: Double {
        var sum = 0.0
        for row in seconds.indices {
            let error = Double.log(modelled(row) / seconds[row])
            sum += scale.map { 2 * $0 * $0 * (.sqrt(1 + (error / $0) * (error / $0)) - 1) } ?? error * error
        }
        return sum
    }

    // MARK: A step

    /// Moves towards the least squares of the linearised errors.
    ///
    /// - Returns: the loss afterwards; nil where no step makes it smaller, and nothing has changed.
    private mutating func step(from loss: Double) -> Double? {
        let wanted = linearised()
        let before = self
        var share = 1.0
        for _ in 0..<Self.halvingsMax {
            move(from: before, to: wanted, share: share)
            let reached = self.loss
            if reached < loss { return reached }
            share /= 2
        }
        self = before
        return nil
    }

    private mutating func move(from before: LogarithmicFit, to wanted: [Double], share: Double) {
        for (position, index) in fitted.enumerated() {
            let start = before.coefficients[index]
            coefficients[index] = start + share * (wanted[position] - start)
        }
        if hasInterference {
            interference = before.interference + share * (wanted[fitted.count] - before.interference)
        }
    }

    /// The unknowns, r last, with the smallest linearised errors: `ln m + (A x - A x0) / m = ln y`, each row by its weight.
    private func linearised() -> [Double] {
        var rows: [[Double]] = []
        var targets: [Double] = []
        for row in seconds.indices {
            let modelled = modelled(row)
            let error = Double.log(modelled / seconds[row])
            let weight = scale.map { Double.sqrt(1 / .sqrt(1 + (error / $0) * (error / $0))) } ?? 1
            var factors = fitted.map { (plain[row][$0] + interference * waiting[row][$0]) / modelled }
            var now = zip(fitted, factors).reduce(0) { $0 + coefficients[$1.0] * $1.1 }
            if hasInterference {
                factors.append(coefficients.indices.reduce(0) { $0 + waiting[row][$1] * coefficients[$1] } / modelled)
                now += factors[fitted.count] * interference
            }
            rows.append(factors.map { $0 * weight })
            targets.append((now - error) * weight)
        }
        return NonNegativeLeastSquares.solve(rows, targets)
    }
}
