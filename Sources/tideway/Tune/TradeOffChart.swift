internal import Backtest
internal import Foundation

/// The trade-off of cost and attainment in characters; attainment stretches towards 100 %, as counted in nines.
struct TradeOffChart {
    private static let rows = 12
    private static let labelWidth = 8
    /// Past 99.99 % there is no more to see.
    private static let missMin = 1e-4

    private let report: TuningReport
    private let columns: Int

    init(_ report: TuningReport, columns: Int) {
        self.report = report
        self.columns = min(max(columns - Self.labelWidth - 2, 20), 72)
    }

    /// The chart from top to bottom; empty when all candidates cost the same.
    var lines: [String] {
        let points = report.candidates.map(\.mean)
        let hours = points.map(\.acceleratorHours)
        let heights = points.map { Self.nines($0.attainment) }
        let target = Self.nines(report.attainmentTarget)
        guard let least = hours.min(), let most = hours.max(), most > least,
            let lowest = heights.min(), let highest = heights.max()
        else { return [] }
        let (bottom, top) = (min(lowest, target), max(highest, target, min(lowest, target) + 0.1))
        func row(_ height: Double) -> Int { Int((height - bottom) / (top - bottom) * Double(Self.rows - 1) + 0.5) }
        func column(_ value: Double) -> Int { Int((value - least) / (most - least) * Double(columns - 1) + 0.5) }
        var cells = Array(repeating: Array(repeating: Character(" "), count: columns), count: Self.rows)
        cells[row(target)] = Array(repeating: "-", count: columns)
        for index in order { cells[row(heights[index])][column(hours[index])] = mark(index) }
        var labels = [Self.rows - 1: top, 0: bottom]
        labels[row(target)] = target
        let body = (0..<Self.rows).reversed().map { row in
            let label = labels[row].map(Self.percent) ?? ""
            return String(repeating: " ", count: max(Self.labelWidth - label.count, 0)) + label + "│"
                + String(cells[row])
        }
        let margin = String(repeating: " ", count: Self.labelWidth)
        let (first, last) = (fixed(least, 2), fixed(most, 2))
        let gap = String(repeating: " ", count: max(columns - first.count - last.count, 1))
        return ["in time against accelerator-hours; C chosen, D default, o beaten by no other, · the rest, - target"]
            + body
            + [margin + "└" + String(repeating: "─", count: columns), margin + " " + first + gap + last]
    }

    /// What stands in the way of nothing comes first.
    private var order: [Int] {
        Array(report.candidates.indices.dropFirst()) + report.curve + [0, report.chosen]
    }

    private func mark(_ index: Int) -> Character {
        if index == report.chosen { return "C" }
        if index == 0 { return "D" }
        return report.curve.contains(index) ? "o" : "·"
    }

    private static func percent(_ nines: Double) -> String { "\(fixed((1 - pow(10, -nines)) * 100, 2)) %" }

    private static func nines(_ attainment: Double) -> Double { -log10(max(1 - attainment, missMin)) }
}
