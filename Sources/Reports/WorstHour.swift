package import Backtest
internal import Control
internal import Fleet
package import Simulation

/// The hour in which a run missed the most requests, and what the policy did in it.
package struct WorstHour: Sendable {
    /// Seconds from time zero.
    package let start: Double
    package let end: Double
    /// Requests that arrived in it and were not good.
    package let missed: Double
    /// Requests that arrived in it.
    package let offered: Double
    /// The timeline of the hour.
    package let points: [TimelinePoint]
    /// How often the decisions of the hour that changed something gave each reason, the most frequent first.
    package let reasons: [(name: String, count: Int)]

    /// Good share of what arrived in the hour; 1 when nothing did.
    package var goodRatio: Double { offered > 0 ? 1 - missed / offered : 1 }

    /// Finds the hour, by windows that begin at any point of the timeline. Of equal ones the busiest counts, then the first.
    ///
    /// - Parameter run: a recorded run; without a timeline there is no worst hour, and the result is nil.
    package init?(of run: BacktestRun) {
        guard let width = run.timeline.interval, let hour = Self.worst(of: run.timeline, width: width) else {
            return nil
        }
        points = Array(run.timeline[hour.range])
        start = run.timeline[hour.range.lowerBound].start
        end = run.timeline[hour.range.upperBound - 1].start + width
        missed = max(0, hour.missed)
        offered = hour.offered
        reasons = Self.reasons(of: run, from: start, to: end)
    }

    private struct Window {
        var range: Range<Int>
        var missed = 0.0
        var offered = 0.0

        /// Sums that differ by less are equal: they were added in another order.
        func isWorse(than other: Window) -> Bool {
            let tolerance = 1e-6
            if abs(missed - other.missed) > tolerance { return missed > other.missed }
            return offered > other.offered + tolerance
        }
    }

    private static func worst(of points: [TimelinePoint], width: Double) -> Window? {
        var best: Window?
        var window = Window(range: 0..<0)
        for lower in points.indices {
            var upper = window.range.upperBound
            while upper < points.count, points[upper].start < points[lower].start + 3600 {
                window.missed += points[upper].missedRate * width
                window.offered += points[upper].arrivalRate * width
                upper += 1
            }
            window.range = lower..<upper
            if best.map(window.isWorse) ?? true { best = window }
            // The windows that follow are parts of this one.
            if upper == points.count { break }
            window.missed -= points[lower].missedRate * width
            window.offered -= points[lower].arrivalRate * width
        }
        return best
    }

    private static func reasons(of run: BacktestRun, from start: Double, to end: Double) -> [(name: String, count: Int)]
    {
        var counts: [String: Int] = [:]
        for record in run.decisions where record.at.seconds >= start && record.at.seconds < end {
            counts[record.reason.rawValue, default: 0] += 1
        }
        return counts.map { (name: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
}
