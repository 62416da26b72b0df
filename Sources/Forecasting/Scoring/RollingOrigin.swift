/// Where a history is cut to judge forecasts: what came before is known, what came after is compared.
package enum RollingOrigin {
    /// How many samples are known at each origin: spread evenly over the second half.
    ///
    /// - Parameters:
    ///   - sampleCount: of the series.
    ///   - steps: ahead that must remain after each origin.
    ///   - number: origins at most.
    /// - Returns: rising; empty when the series is too short for one.
    package static func origins(sampleCount: Int, steps: Int, number: Int) -> [Int] {
        let first = (sampleCount + 1) / 2
        let last = sampleCount - steps
        guard number > 0, first >= 1, last >= first else { return [] }
        let count = min(number, last - first + 1)
        guard count > 1 else { return [last] }
        return (0..<count).map { first + (last - first) * $0 / (count - 1) }
    }

    /// What a loss is divided by so that series of all sizes compare: the mean absolute change from one sample to the next
    /// before the first origin; the mean size where nothing changed; 1 where all was zero.
    package static func scale(_ known: [Double?]) -> Double {
        let values = known.compactMap { $0 }
        guard values.count > 1 else { return 1 }
        let changes = zip(values.dropFirst(), values).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(values.count - 1)
        if changes > 0 { return changes }
        let size = abs(values.reduce(0, +)) / Double(values.count)
        return size > 0 ? size : 1
    }
}
