/// What will come: mean and quantiles for each step of the time ahead.
package struct Forecast: Hashable, Sendable, Codable {
    /// One point of the time ahead.
    package struct Step: Hashable, Sendable, Codable {
        package var at: Instant
        /// In the unit of what was measured, zero or more.
        package var mean: Double
        /// By rising level. Empty while too little is known of the forecast's errors.
        package var quantiles: [Quantile]

        package init(at: Instant, mean: Double, quantiles: [Quantile]) {
            self.at = at
            self.mean = mean
            self.quantiles = quantiles
        }
    }

    /// What comes stays at or below `value` with probability `level`.
    package struct Quantile: Hashable, Sendable, Codable {
        /// Above 0 and below 1.
        package var level: Double
        package var value: Double

        package init(level: Double, value: Double) {
            self.level = level
            self.value = value
        }
    }

    /// The instant of the last measurement that it rests on.
    package var issuedAt: Instant
    /// By rising instants, at least one.
    package var steps: [Step]

    package init(issuedAt: Instant, steps: [Step]) {
        precondition(!steps.isEmpty, "a forecast looks ahead")
        self.issuedAt = issuedAt
        self.steps = steps
    }

    /// The farthest step.
    package var last: Step { steps[steps.count - 1] }
}

extension Forecast.Step {
    /// The quantile of that level; nil when it is not known.
    package func quantile(_ level: Double) -> Double? { quantiles.first { $0.level == level }?.value }
}
