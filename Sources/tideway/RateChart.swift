internal import Traces

/// A small chart of a trace's rate over time, in block characters.
struct RateChart {
    private static let columns = 72
    private static let rows = 6
    /// Eighths of a cell, from empty to full.
    private static let blocks: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    private let trace: Trace

    init(_ trace: Trace) { self.trace = trace }

    /// The chart from top to bottom; empty when no time passes.
    var lines: [String] {
        let rates = trace.rates(bins: Self.columns)
        guard let peak = rates.max(), peak > 0 else { return [] }
        var lines = [
            "requests/s, mean over \(fixed((trace.lastArrival - trace.firstArrival) / Double(Self.columns), 1)) s"
        ]
        for row in stride(from: Self.rows - 1, through: 0, by: -1) {
            let bar = rates.map { Self.cell($0 / peak * Double(Self.rows * 8) - Double(row * 8)) }
            lines.append(Self.label(row: row, peak: peak) + "│" + String(bar))
        }
        let (first, last) = (Self.time(trace.firstArrival), Self.time(trace.lastArrival))
        let gap = String(repeating: " ", count: max(Self.columns - first.count - last.count, 1))
        return lines + ["        └" + String(repeating: "─", count: Self.columns), "         " + first + gap + last]
    }

    private static func cell(_ eighths: Double) -> Character {
        blocks[min(max(Int(eighths.rounded(.up)), 0), 8)]
    }

    private static func label(row: Int, peak: Double) -> String {
        let text = row == rows - 1 ? fixed(peak, 2) : row == 0 ? "0" : ""
        return String(repeating: " ", count: max(8 - text.count, 0)) + text
    }

    private static func time(_ seconds: Double) -> String {
        abs(seconds) < 600 ? "\(fixed(seconds, 0)) s" : "\(fixed(seconds / 3_600, 2)) h"
    }
}
