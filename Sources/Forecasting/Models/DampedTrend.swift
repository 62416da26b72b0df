/// Level and a trend that dies away: Holt's smoothing with a damped trend.
///
/// `l' = l + phi b + alpha e`, `b' = phi b + alpha beta e` with `e = y - l - phi b`, forecast `l + (phi + ... + phi^h) b`.
/// Source: Gardner and McKenzie (1985), in the error-correction form of Hyndman and Athanasopoulos, "Forecasting:
/// Principles and Practice", 8.5. The factors are fixed in the middle of the recommended ranges: what suits a series is for
/// the combination to find.
package struct DampedTrend: Hashable, Sendable, Codable {
    package static let levelGain = 0.5
    package static let trendGain = 0.15
    package static let damping = 0.93

    private var level: Double?
    private var trend = 0.0

    package init() {}

    /// Takes in the next step; nil is a gap, in which the trend goes on.
    package mutating func append(_ measured: Double?) {
        guard let last = level else {
            level = measured
            return
        }
        let expected = last + Self.damping * trend
        let error = measured.map { $0 - expected } ?? 0
        level = expected + Self.levelGain * error
        trend = Self.damping * trend + Self.levelGain * Self.trendGain * error
    }

    /// Writes the forecasts of the steps ahead.
    package func forecast(into path: UnsafeMutableBufferPointer<Double>) {
        var value = level ?? 0
        var slope = trend
        for index in path.indices {
            slope *= Self.damping
            value += slope
            path[index] = value
        }
    }
}
