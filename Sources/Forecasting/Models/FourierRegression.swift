internal import RealModule

/// Ridge regression on sines and cosines of the seasons, with an autoregression on what remains.
///
/// Four harmonics of each period: a day's shape to a resolution of 3 hours. Source: Hyndman and Athanasopoulos, "Forecasting:
/// Principles and Practice", 7.4 and 10.5 (dynamic harmonic regression).
package struct FourierRegression: Hashable, Sendable, Codable {
    package static let harmonics = 4
    package static let ridge = 1.0

    private let frequencies: [Double]
    private var regression: RecursiveLeastSquares
    private var carry = ResidualCarry()
    private var inputs: [Double]

    /// - Parameter periods: in steps, at least one.
    package init(periods: [Int]) {
        frequencies = periods.flatMap { period in
            (1...Self.harmonics).filter { $0 * 2 < period }.map { 2 * Double.pi * Double($0) / Double(period) }
        }
        let longest = Double(periods.max() ?? 1)
        regression = RecursiveLeastSquares(
            initial: Array(repeating: 0, count: 1 + 2 * frequencies.count), ridge: Self.ridge,
            memorySteps: max(4 * longest, 500))
        inputs = Array(repeating: 1, count: 1 + 2 * frequencies.count)
    }

    package mutating func append(_ measured: Double?, place: Int, unit: Unit) {
        guard let measured else { return carry.append(nil) }
        for (index, frequency) in frequencies.enumerated() {
            let angle = frequency * Double(place)
            inputs[1 + 2 * index] = .sin(angle)
            inputs[2 + 2 * index] = .cos(angle)
        }
        carry.append(measured - unit.value(regression.value(inputs)))
        regression.append(inputs, measured: unit.scaled(measured))
    }

    /// Writes the forecasts of the steps that follow `place`.
    package func forecast(into path: UnsafeMutableBufferPointer<Double>, place: Int, unit: Unit) {
        let weights = regression.coefficients
        for step in path.indices { path[step] = weights[0] }
        for (index, frequency) in frequencies.enumerated() {
            // Each step turns the pair by the same angle: no sine per step.
            let (turnSine, turnCosine) = (Double.sin(frequency), Double.cos(frequency))
            var (sine, cosine) = (Double.sin(frequency * Double(place)), Double.cos(frequency * Double(place)))
            for step in path.indices {
                (sine, cosine) = (sine * turnCosine + cosine * turnSine, cosine * turnCosine - sine * turnSine)
                path[step] += weights[1 + 2 * index] * sine + weights[2 + 2 * index] * cosine
            }
        }
        for step in path.indices { path[step] = unit.value(path[step]) }
        carry.add(to: path)
    }
}
