/// Ridge regression on what the user knows besides the series, with an autoregression on what remains.
///
/// Each covariate is measured in its own unit, so a ratio and a rate of thousands weigh alike. One that did not vary while units
/// were set counts from its value then.
package struct CovariateRegression: Hashable, Sendable, Codable {
    package static let memorySteps = 2_000.0
    package static let ridge = 1.0

    private var units: [Unit]
    private var regression: RecursiveLeastSquares
    private var carry = ResidualCarry()

    /// - Parameter count: of covariates, at least one.
    package init(count: Int) {
        units = Array(repeating: Unit(), count: count)
        regression = RecursiveLeastSquares(
            initial: Array(repeating: 0, count: count + 1), ridge: Self.ridge, memorySteps: Self.memorySteps)
    }

    private func inputs(_ covariates: [Double]) -> [Double] {
        [1] + zip(units, covariates).map { $0.scaled($1) }
    }

    package mutating func append(_ measured: Double?, covariates: [Double], unit: Unit) {
        for index in units.indices { units[index].append(covariates[index]) }
        guard let measured else { return carry.append(nil) }
        guard unit.isSet else { return }
        let inputs = inputs(covariates)
        carry.append(measured - unit.value(regression.value(inputs)))
        regression.append(inputs, measured: unit.scaled(measured))
    }

    /// Writes the forecasts of the steps ahead, from the covariates of each; the last row holds on where there are fewer.
    package func forecast(into path: UnsafeMutableBufferPointer<Double>, ahead: [[Double]], unit: Unit) {
        for step in path.indices {
            let row = ahead[min(step, ahead.count - 1)]
            path[step] = unit.value(regression.value(inputs(row)))
        }
        carry.add(to: path)
    }
}
