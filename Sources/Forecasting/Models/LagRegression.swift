/// Ridge regression of the next value on the latest ones and on those of a season ago; farther steps by iteration.
package struct LagRegression: Hashable, Sendable, Codable {
    /// Ages of the values that are looked at; those of the seasons are added.
    package static let ages = [0, 1, 2, 3, 5, 8]
    package static let memorySteps = 1_000.0
    package static let ridge = 1.0

    private let ages: [Int]
    private var regression: RecursiveLeastSquares
    private var inputs: [Double]

    /// Looks at seasons too, those left out that are longer than the kept history.
    package init(periods: [Int], historyCount: Int) {
        ages = Self.ages + periods.filter { $0 > Self.ages.count + 3 && $0 < historyCount }.map { $0 - 1 }
        // The ridge draws towards the last value.
        regression = RecursiveLeastSquares(
            initial: [0, 1] + Array(repeating: 0, count: ages.count - 1), ridge: Self.ridge,
            memorySteps: Self.memorySteps)
        inputs = Array(repeating: 0, count: ages.count + 1)
    }

    /// Takes in a value that follows those of the ring.
    package mutating func append(_ measured: Double, after ring: borrowing ValueRing, unit: Unit) {
        inputs[0] = 1
        for (index, age) in ages.enumerated() {
            guard let value = ring.value(age: age) else { return }
            inputs[index + 1] = unit.scaled(value)
        }
        regression.append(inputs, measured: unit.scaled(measured))
    }

    /// Writes the forecasts of the steps ahead. What runs away is held within `bounds`.
    package func forecast(
        into path: UnsafeMutableBufferPointer<Double>, after ring: borrowing ValueRing, unit: Unit,
        bounds: ClosedRange<Double>
    ) {
        let weights = regression.coefficients
        let recent = (0...ages[Self.ages.count - 1]).map { unit.scaled(ring.value(age: $0) ?? unit.center) }
        let (low, high) = (unit.scaled(bounds.lowerBound), unit.scaled(bounds.upperBound))
        // In units of the regression until all steps are known.
        for step in path.indices {
            var sum = weights[0]
            for (index, age) in ages.enumerated() {
                let value =
                    age < step
                    ? path[step - 1 - age]
                    : age - step < recent.count
                        ? recent[age - step] : unit.scaled(ring.value(age: age - step) ?? unit.center)
                sum += weights[index + 1] * value
            }
            path[step] = min(max(sum, low), high)
        }
        for step in path.indices { path[step] = unit.value(path[step]) }
    }
}
