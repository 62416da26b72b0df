package import Simulation

extension TimelinePoint {
    /// Requests per second that arrived and were not good.
    var missedRate: Double { arrivalRate * (1 - (goodRatio ?? 1)) }
}

extension [TimelinePoint] {
    /// Seconds from one point to the next; 60 when there is but one, nil when there is none.
    var interval: Double? {
        guard let first else { return nil }
        return count > 1 ? self[1].start - first.start : 60
    }

    /// The timeline with at most `limit` points: neighbours are merged in equal numbers.
    ///
    /// - Parameter limit: at least 1.
    /// - Returns: the points, or the merged ones.
    package func merged(to limit: Int) -> [TimelinePoint] {
        precondition(limit >= 1, "a timeline of no points")
        guard count > limit else { return self }
        let size = (count + limit - 1) / limit
        return stride(from: 0, to: count, by: size).map { Self.merge(self[$0..<Swift.min($0 + size, count)]) }
    }

    /// Rates are averaged, counts are those at the end, and of the percentiles the highest stays: a peak must not vanish
    /// because the window is long.
    private static func merge(_ points: ArraySlice<TimelinePoint>) -> TimelinePoint {
        var result = points[points.endIndex - 1]
        let count = Double(points.count)
        let arrived = points.reduce(0) { $0 + $1.arrivalRate }
        result.start = points[points.startIndex].start
        result.arrivalRate = arrived / count
        result.workRate = points.reduce(0) { $0 + $1.workRate } / count
        result.queued = points.map(\.queued).max() ?? 0
        result.ttftP50 = points.compactMap(\.ttftP50).max()
        result.ttftP99 = points.compactMap(\.ttftP99).max()
        result.itlP99 = points.compactMap(\.itlP99).max()
        result.goodRatio = arrived > 0 ? 1 - points.reduce(0) { $0 + $1.missedRate } / arrived : nil
        return result
    }
}
