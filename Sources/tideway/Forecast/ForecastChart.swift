internal import Fleet

/// The end of a series and its forecast in characters: dots for what was measured and the median, shade for the quantiles.
struct ForecastChart {
    private static let rows = 10
    private static let labelWidth = 9

    private struct Column {
        var point: Double?
        var band: ClosedRange<Double>?
    }

    private let report: ForecastReport
    private let columns: Int

    init(_ report: ForecastReport, columns: Int) {
        self.report = report
        self.columns = min(max(columns - Self.labelWidth - 2, 20), 110)
    }

    var lines: [String] {
        let past = past
        let cells = past + ahead
        let seen = cells.flatMap { [$0.point, $0.band?.lowerBound, $0.band?.upperBound].compactMap { $0 } }
        guard var top = seen.max(), var bottom = seen.min() else { return [] }
        if bottom >= 0 { bottom = 0 }
        if top <= bottom { top = bottom + 1 }
        let unit = (top - bottom) / Double(Self.rows)
        let rows = (0..<Self.rows).reversed().map { row -> String in
            let (low, high) = (bottom + Double(row) * unit, bottom + Double(row + 1) * unit)
            let text = row == Self.rows - 1 ? ForecastText.amount(top) : row == 0 ? ForecastText.amount(bottom) : ""
            let label = String(repeating: " ", count: max(Self.labelWidth - text.count, 0)) + text
            return label + "│" + String(cells.map { Self.character($0, low: low, high: high, isLowest: row == 0) })
        }
        let margin = String(repeating: " ", count: Self.labelWidth)
        let axis =
            margin + "└" + String(repeating: "─", count: past.count) + "┴"
            + String(repeating: "─", count: max(cells.count - past.count - 1, 0))
        let horizon = DurationOption(seconds: Double(report.forecast.steps.count) * report.series.stepSeconds)
        let now = margin + " " + String(repeating: " ", count: max(past.count - 1, 0)) + "now, and \(horizon) ahead"
        return ["\(report.series.measure); shaded: from the lowest to the highest quantile"] + rows + [axis, now]
    }

    private static func character(_ column: Column, low: Double, high: Double, isLowest: Bool) -> Character {
        func isInside(_ value: Double) -> Bool { (value > low || isLowest && value >= low) && value <= high }
        if let point = column.point, isInside(point) { return "•" }
        if let band = column.band, band.lowerBound <= high, band.upperBound > low { return "░" }
        return " "
    }

    /// The latest values, twice as long as what is ahead, averaged where a column holds several.
    private var past: [Column] {
        let width = columns * 2 / 3
        let values = report.series.values.suffix(max(report.forecast.steps.count * 3, 2))
        return Self.compressed(Array(values), to: width) { values in
            let known = values.compactMap { $0 }
            return Column(point: known.isEmpty ? nil : known.reduce(0, +) / Double(known.count))
        }
    }

    private var ahead: [Column] {
        Self.compressed(report.forecast.steps, to: columns - columns * 2 / 3) { steps in
            let quantiles = steps.flatMap(\.quantiles)
            let middle = steps[steps.count / 2]
            let median = middle.quantiles.first { $0.level >= 0.5 }?.value ?? middle.mean
            guard let low = quantiles.map(\.value).min(), let high = quantiles.map(\.value).max() else {
                return Column(point: middle.mean)
            }
            return Column(point: median, band: low...high)
        }
    }

    private static func compressed<Element>(
        _ elements: [Element], to width: Int, _ column: ([Element]) -> Column
    ) -> [Column] {
        let count = min(elements.count, width)
        return (0..<count).map { index in
            column(Array(elements[index * elements.count / count..<(index + 1) * elements.count / count]))
        }
    }
}
