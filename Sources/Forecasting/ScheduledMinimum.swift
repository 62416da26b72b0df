package import Fleet

/// An announced event: from one instant until another the series is expected to reach at least a value.
package struct ScheduledMinimum: Hashable, Sendable, Codable {
    package var from: Instant
    /// Not included.
    package var until: Instant
    /// In the unit of the series.
    package var least: Double

    package init(from: Instant, until: Instant, least: Double) {
        (self.from, self.until, self.least) = (from, until, least)
    }
}

extension Forecast {
    /// The forecast with no mean and no quantile below what is scheduled for its step.
    package func raised(to minimums: [ScheduledMinimum]) -> Forecast {
        var raised = self
        for index in steps.indices {
            let at = steps[index].at
            let least = minimums.filter { $0.from <= at && at < $0.until }.map(\.least).max()
            guard let least else { continue }
            raised.steps[index].mean = max(steps[index].mean, least)
            for level in steps[index].quantiles.indices {
                raised.steps[index].quantiles[level].value = max(steps[index].quantiles[level].value, least)
            }
        }
        return raised
    }
}
