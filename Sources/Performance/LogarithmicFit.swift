internal import RealModule

/// Which errors a fit makes small.
package enum FitErrorKind: String, Hashable, Sendable, CaseIterable {
    /// `modelled / measured - 1`.
    case relative
    /// `ln(modelled / measured)`.
    case logarithmic
}

/// The coefficients and r that make the errors of logarithms small, all of them above zero: damped least squares
/// (Levenberg 1944, Marquardt 1963) over the logarithms of the unknowns, with soft-L1 weights by error.
///
/// The model is linear in the coefficients for a given r, and linear in r for given coefficients: `(f + r g) . c`.
struct LogarithmicFit {
    private(set) var coefficients: [Double]
    private(set) var interference = 0.0

    private static let stepsMax = 200
    /// No unknown changes by more than a factor of e^2 in a step.
    private static let stepLimit = 2.0
    /// Relative change of the loss below which the search has settled.
    private static let settledChange = 1e-9
    /// Where r begins; and the part of a median time that a coefficient begins with, if least squares gave it nothing.
    private static let startInterference = 0.01
    private static let startShare = 0.1
    private static let dampingStart = 1e-2
    private static let dampingMax = 1e9

    private let plain: [[Double]]
    private let waiting: [[Double]]
    private let seconds: [Double]
    private let scale: Double?
    /// Positions of the coefficients that are searched.
    private let fitted: [Int]
    private let hasInterference: Bool

    /// - Parameters:
    ///   - measurements: with times above zero.
    ///   - coefficients: where the search begins; those not fitted stay.
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
        self.fitted = fitted.filter { index in none.contains { $0[index] > 0 } }
        hasInterference = waiting.contains { row in row.contains { $0 != 0 } }
        self.coefficients = coefficients
        begin()
        search()
    }

    /// Least squares leave coefficients at zero, whose logarithm cannot be searched.
    private mutating func begin() {
        if hasInterference { interference = Self.startInterference }
        for index in fitted {
            let shares = plain.indices.compactMap { plain[$0][index] > 0 ? seconds[$0] / plain[$0][index] : nil }.sorted()
            coefficients[index] = Self.startShare * shares[shares.count / 2]
        }
    }

    private mutating func search() {
        var damping = Self.dampingStart
        var best = loss
        for _ in 0..<Self.stepsMax where damping < Self.dampingMax {
            let before = self
            step(damping: damping)
            let reached = loss
            guard reached < best else {
                self = before
                damping *= 4
                continue
            }
            let isSettled = best - reached <= Self.settledChange * best
            best = reached
            damping = max(damping / 3, 1e-12)
            if isSettled { return }
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

    private var loss: Double {
        var sum = 0.0
        for row in seconds.indices {
            let error = Double.log(modelled(row) / seconds[row])
            sum += scale.map { 2 * $0 * $0 * (.sqrt(1 + (error / $0) * (error / $0)) - 1) } ?? error * error
        }
        return sum
    }

    /// Derivatives of the logarithm of a modelled time by the logarithms of the unknowns, r last.
    private func slopes(_ row: Int, modelled: Double) -> [Double] {
        var slopes = fitted.map {
            (plain[row][$0] + interference * waiting[row][$0]) * coefficients[$0] / modelled
        }
        if hasInterference {
            let waited = coefficients.indices.reduce(0) { $0 + waiting[row][$1] * coefficients[$1] }
            slopes.append(interference * waited / modelled)
        }
        return slopes
    }

    // MARK: A step

    private mutating func step(damping: Double) {
        let count = fitted.count + (hasInterference ? 1 : 0)
        var curvature = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        var gradient = [Double](repeating: 0, count: count)
        for row in seconds.indices {
            let modelled = modelled(row)
            let error = Double.log(modelled / seconds[row])
            let weight = scale.map { 1 / Double.sqrt(1 + (error / $0) * (error / $0)) } ?? 1
            let slopes = slopes(row, modelled: modelled)
            for i in 0..<count {
                gradient[i] += weight * slopes[i] * error
                for j in 0...i { curvature[i][j] += weight * slopes[i] * slopes[j] }
            }
        }
        for (index, change) in Self.changes(curvature, gradient, damping).enumerated() {
            let factor = Double.exp(-min(max(change, -Self.stepLimit), Self.stepLimit))
            if index < fitted.count { coefficients[fitted[index]] *= factor } else { interference *= factor }
        }
    }

    /// Solves `(curvature + damping diag) changes = gradient`, scaled so that the diagonal is one.
    private static func changes(_ curvature: [[Double]], _ gradient: [Double], _ damping: Double) -> [Double] {
        let lengths = gradient.indices.map { Double.sqrt(max(curvature[$0][$0], .leastNormalMagnitude)) }
        let scaled = gradient.indices.map { i in
            gradient.indices.map { j in
                (i >= j ? curvature[i][j] : curvature[j][i]) / (lengths[i] * lengths[j]) + (i == j ? damping : 0)
            }
        }
        let solution = NonNegativeLeastSquares.solveSymmetric(scaled, zip(gradient, lengths).map { $0 / $1 })
        return zip(solution, lengths).map { $0 / $1 }
    }
}
