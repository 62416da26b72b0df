/// What settings cost and how they served: of one run, or the mean of several.
package struct TuningMeasurement: Hashable, Sendable {
    package var acceleratorHours: Double
    /// 0 ... 1.
    package var attainment: Double

    package init(acceleratorHours: Double, attainment: Double) {
        self.acceleratorHours = acceleratorHours
        self.attainment = attainment
    }

    /// The mean of at least one.
    package init(meanOf measurements: [TuningMeasurement]) {
        precondition(!measurements.isEmpty, "a mean of no measurements")
        let count = Double(measurements.count)
        acceleratorHours = measurements.reduce(0) { $0 + $1.acceleratorHours } / count
        attainment = measurements.reduce(0) { $0 + $1.attainment } / count
    }

    /// Whether the attainment is at least `target`; a rounding error below still counts.
    package func reaches(_ target: Double) -> Bool { attainment >= target - 1e-9 }

    /// Whether these settings are the better ones: what reaches the target comes first, the cheaper before the dearer; where
    /// neither does, the one that comes nearer.
    package func isBetter(than other: TuningMeasurement, target: Double) -> Bool {
        switch (reaches(target), other.reaches(target)) {
        case (true, false): true
        case (false, true): false
        case (true, true): acceleratorHours < other.acceleratorHours
        case (false, false): attainment > other.attainment
        }
    }
}

/// The trade-off between cost and attainment.
package enum TradeOff {
    /// Which of several are not beaten by any other: none is both cheaper and at least as good, or better and at most as dear.
    ///
    /// - Parameter measurements: each of one candidate.
    /// - Returns: their places, the cheapest first; of equal ones the first.
    package static func curve(_ measurements: [TuningMeasurement]) -> [Int] {
        let order = measurements.indices.sorted {
            let (left, right) = (measurements[$0], measurements[$1])
            return (left.acceleratorHours, -left.attainment, $0) < (right.acceleratorHours, -right.attainment, $1)
        }
        var best = -Double.infinity
        return order.filter { place in
            guard measurements[place].attainment > best else { return false }
            best = measurements[place].attainment
            return true
        }
    }
}
