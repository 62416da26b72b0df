internal import RealModule

/// Coefficients of the replica model fitted to measured times, and how well they fit.
///
/// Non-negative least squares on relative errors: an error of 10 % weighs the same at 5 ms and at 5 s. Outliers are tamed by
/// soft-L1 weights `1/sqrt(1 + (error/scale)^2)`, applied until they settle (iteratively reweighted least squares). On request the
/// errors are those of logarithms, which weigh twice as much and half as much alike (`LogarithmicFit`).
package struct ProfileFit: Sendable {
    /// Seconds, one per `FitCoefficient`.
    package private(set) var coefficients: [Double]
    /// Standard errors in seconds, one per `FitCoefficient`: zero for what was known or came out as zero.
    package private(set) var standardErrors: [Double]
    /// r of the closed loop's first token; zero where nothing measured it.
    package private(set) var interference: Double
    /// Errors of times in which decoding dominates; nil when none was measured.
    package private(set) var decodeErrors: FitErrors?
    /// Errors of times to first token and of prefills; nil when none was measured.
    package private(set) var prefillErrors: FitErrors?
    /// Coefficients that the measurements do not determine, and those that came out as zero.
    package private(set) var warnings: [Warning]

    /// What to know before trusting a coefficient.
    package enum Warning: Hashable, Sendable {
        /// It can trade places with others without changing the fit.
        case undetermined(FitCoefficient)
        /// Its standard error is more than half of its value.
        case uncertain(FitCoefficient)
        /// It came out as zero: what was measured does not grow with it.
        case zero(FitCoefficient)
    }

    /// How to fit.
    package struct Options: Sendable {
        /// Coefficients that are known, in seconds; they are not fitted.
        package var known: [FitCoefficient: Double]
        /// Relative error from which a measurement counts as an outlier; nil for plain least squares.
        package var outlierScale: Double?
        /// Whether c6 is fitted; it stays zero otherwise.
        package var hasSquareRoot: Bool
        package var errors: FitErrorKind

        package init(
            known: [FitCoefficient: Double] = [:], outlierScale: Double? = 0.1, hasSquareRoot: Bool = false,
            errors: FitErrorKind = .relative
        ) {
            self.known = known
            self.outlierScale = outlierScale
            self.hasSquareRoot = hasSquareRoot
            self.errors = errors
        }
    }

    /// Sine below which a coefficient counts as undetermined: less than 1 % of its column is its own.
    private static let independenceMinimum = 0.01
    private static let reweightingsMax = 30
    /// Enough to rank one r against another.
    private static let searchReweightings = 10
    /// Relative change of every coefficient below which reweighting has settled.
    private static let settledChange = 1e-5

    package subscript(_ coefficient: FitCoefficient) -> Double { coefficients[coefficient.rawValue] }

    /// The standard error of a coefficient in seconds; infinite when it is not determined.
    package func standardError(_ coefficient: FitCoefficient) -> Double { standardErrors[coefficient.rawValue] }

    /// Fits to measurements, of which at least one must speak of decoding.
    ///
    /// Times of prefill alone, where there are any, decide c3 and c4 by themselves; the rest is fitted to the other times.
    package init(_ measurements: [FitMeasurement], options: Options = Options()) {
        precondition(measurements.allSatisfy { $0.seconds > 0 }, "a measured time is above zero")
        coefficients = Array(repeating: 0, count: FitCoefficient.allCases.count)
        standardErrors = coefficients
        (interference, warnings) = (0, [])
        var known = options.known
        let alone = measurements.filter(\.isPrefillAlone)
        let others = measurements.filter { !$0.isPrefillAlone }
        if !alone.isEmpty {
            solve(alone, known: known, free: [.c3, .c4], scale: options.outlierScale)
            examine(alone, known: known, free: [.c3, .c4])
            for coefficient in [FitCoefficient.c3, .c4] { known[coefficient] = self[coefficient] }
        }
        let hasFirstTokens = others.contains(where: \.isFirstToken)
        var free: [FitCoefficient] = [.c0, .c1, .c2, .c3, .c4]
        if hasFirstTokens { free.append(.overhead) }
        if options.hasSquareRoot { free.append(.c6) }
        if !others.isEmpty {
            switch options.errors {
            case .relative:
                interference = hasFirstTokens ? bestInterference(others, known, free, options.outlierScale) : 0
                solve(others, known: known, free: free, scale: options.outlierScale)
            case .logarithmic:
                solve(others, known: known, free: free, scale: nil)
                refine(others, fitted: free.filter { known[$0] == nil }, scale: options.outlierScale)
            }
            examine(others, known: known, free: free)
        }
        decodeErrors = FitErrors(errors(measurements.filter { $0.part == .decode }))
        prefillErrors = FitErrors(errors(measurements.filter { $0.part == .prefill }))
    }

    /// Relative errors of the model, in the order of the measurements.
    package func errors(_ measurements: [FitMeasurement]) -> [Double] {
        measurements.map { abs(relativeError($0)) }
    }

    private func relativeError(_ measurement: FitMeasurement) -> Double {
        let factors = measurement.factors(interference: interference)
        let modelled = zip(factors, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
        return modelled / measurement.seconds - 1
    }

    /// Fits the free coefficients that are not known.
    private mutating func solve(
        _ measurements: [FitMeasurement], known: [FitCoefficient: Double], free: [FitCoefficient], scale: Double?,
        reweightings: Int = reweightingsMax
    ) {
        for (coefficient, value) in known { coefficients[coefficient.rawValue] = value }
        let fitted = free.filter { known[$0] == nil }
        guard !fitted.isEmpty else { return }
        let (rows, targets) = equations(measurements, known: known, fitted: fitted)
        assign(fitted, NonNegativeLeastSquares.solve(rows, targets))
        guard let scale else { return }
        for _ in 0..<reweightings {
            let weights = measurements.map { Self.weight(relativeError($0), scale: scale) }
            let weighted = zip(rows, weights).map { row, weight in row.map { $0 * weight } }
            let before = coefficients
            assign(fitted, NonNegativeLeastSquares.solve(weighted, zip(targets, weights).map { $0 * $1 }))
            if zip(before, coefficients).allSatisfy({ abs($0 - $1) <= Self.settledChange * abs($1) }) { return }
        }
    }

    /// From the least squares of relative errors to those of logarithms, with r among the unknowns.
    private mutating func refine(_ measurements: [FitMeasurement], fitted: [FitCoefficient], scale: Double?) {
        let least = LogarithmicFit(
            measurements, coefficients: coefficients, fitted: fitted.map(\.rawValue), outlierScale: scale)
        (coefficients, interference) = (least.coefficients, least.interference)
    }

    /// Notes how well the measurements determine each fitted coefficient.
    private mutating func examine(
        _ measurements: [FitMeasurement], known: [FitCoefficient: Double], free: [FitCoefficient]
    ) {
        let fitted = free.filter { known[$0] == nil }
        guard !fitted.isEmpty else { return }
        let rows = equations(measurements, known: known, fitted: fitted).rows
        let positive = fitted.indices.filter { self[fitted[$0]] > 0 }
        let deviations = NonNegativeLeastSquares.standardErrors(
            rows.map { row in positive.map { row[$0] } }, residuals: measurements.map(relativeError))
        for (index, deviation) in zip(positive, deviations) { standardErrors[fitted[index].rawValue] = deviation }
        let independence = NonNegativeLeastSquares.independence(rows)
        warnings += zip(fitted, independence).compactMap { warning($0, independence: $1) }
    }

    private func warning(_ coefficient: FitCoefficient, independence: Double) -> Warning? {
        guard coefficient != .overhead, coefficient != .c6 else { return nil }
        if independence < Self.independenceMinimum { return .undetermined(coefficient) }
        if self[coefficient] == 0 { return .zero(coefficient) }
        return standardError(coefficient) > self[coefficient] / 2 ? .uncertain(coefficient) : nil
    }

    /// Each measurement divided by its time: what the fitted coefficients must give of it, the known ones taken off.
    private func equations(
        _ measurements: [FitMeasurement], known: [FitCoefficient: Double], fitted: [FitCoefficient]
    ) -> (rows: [[Double]], targets: [Double]) {
        var rows: [[Double]] = []
        var targets: [Double] = []
        for measurement in measurements {
            let factors = measurement.factors(interference: interference)
            let taken = FitCoefficient.allCases.reduce(0) { $0 + (known[$1] ?? 0) * factors[$1.rawValue] }
            rows.append(fitted.map { factors[$0.rawValue] / measurement.seconds })
            targets.append(1 - taken / measurement.seconds)
        }
        return (rows, targets)
    }

    private mutating func assign(_ fitted: [FitCoefficient], _ values: [Double]) {
        for (coefficient, value) in zip(fitted, values) { coefficients[coefficient.rawValue] = value }
    }

    /// The square root of soft-L1's weight, because rows are multiplied by it before they are squared.
    private static func weight(_ error: Double, scale: Double) -> Double {
        .sqrt(1 / .sqrt(1 + (error / scale) * (error / scale)))
    }

    /// The r with the smallest loss, by a search over powers of ten: the model is linear in all else.
    private func bestInterference(
        _ measurements: [FitMeasurement], _ known: [FitCoefficient: Double], _ free: [FitCoefficient], _ scale: Double?
    ) -> Double {
        func loss(_ interference: Double) -> Double {
            var trial = self
            trial.interference = interference
            trial.solve(
                measurements, known: known, free: free, scale: scale, reweightings: Self.searchReweightings)
            return measurements.reduce(0) { $0 + Self.loss(trial.relativeError($1), scale: scale) }
        }
        func best(of candidates: [Double]) -> Double {
            zip(candidates, candidates.map(loss)).min { $0.1 < $1.1 }?.0 ?? 0
        }
        // 1e-4 to 10 in steps of a fifth of a decade, then around the best in fiftieths and five hundredths.
        var found = best(of: [0] + (-20...5).map { Double.pow(10, Double($0) / 5) })
        for steps in [50.0, 500] where found > 0 {
            found = best(of: (-9...9).map { found * Double.pow(10, Double($0) / steps) })
        }
        return found
    }

    private static func loss(_ error: Double, scale: Double?) -> Double {
        guard let scale else { return error * error }
        return 2 * scale * scale * (Double.sqrt(1 + (error / scale) * (error / scale)) - 1)
    }
}
