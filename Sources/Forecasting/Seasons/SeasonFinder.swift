internal import RealModule

/// Finds the periods after which a series repeats itself, from its autocorrelation.
///
/// A period is a local maximum of the autocorrelation that stands out from the lowest value before it, is itself high, and
/// has been seen at least twice. Of several that are nearly as high the shortest is the period and the others are its
/// multiples. A second, longer period is sought in what remains when the mean of each part of the first is taken away.
package enum SeasonFinder {
    package static let correlationMin = 0.2
    package static let prominenceMin = 0.1
    /// A peak this near to the highest counts as its equal.
    package static let nearlyEqual = 0.9
    /// Hour, day and week in seconds: a period found within a bin and a half of one is it, or within this share.
    package static let calendar = [3_600.0, 86_400, 604_800]
    package static let calendarShare = 0.02

    /// The most prominent period of a series in its own steps; nil where there is none.
    package static func period(of values: [Double]) -> Int? {
        let correlation = FourierTransform.autocorrelation(values)
        let last = values.count / 2
        guard last > 4, correlation.count > last else { return nil }
        var lowest = correlation[1]
        var peaks: [(lag: Int, height: Double)] = []
        for lag in 2..<last {
            let height = correlation[lag]
            lowest = min(lowest, height)
            let isPeak = height >= correlation[lag - 1] && height > correlation[lag + 1]
            let level = max(correlationMin, 3 / Double.sqrt(Double(values.count - lag)))
            if isPeak, height > level, height - lowest > prominenceMin { peaks.append((lag, height)) }
        }
        guard let highest = peaks.map(\.height).max(),
            let first = peaks.first(where: { $0.height >= nearlyEqual * highest })
        else { return nil }
        // Noise makes small peaks on the slope of a large one.
        let slope = peaks.filter { (first.lag...first.lag + first.lag / 4).contains($0.lag) }
        return slope.max { $0.height < $1.height }?.lag
    }

    /// Up to two periods.
    ///
    /// - Parameters:
    ///   - recent: the latest samples.
    ///   - whole: all of the series.
    ///   - stepSeconds: between samples.
    /// - Returns: in samples, the shorter first.
    package static func periods(recent: [Double], whole: BinnedHistory, stepSeconds: Double) -> [Int] {
        var found: [Int] = []
        if let short = period(of: recent) { found.append(snapped(short, width: 1, stepSeconds: stepSeconds)) }
        var rest = whole.bins
        if let short = found.first, short % whole.width == 0 || short > 8 * whole.width {
            rest = withoutSeason(rest, period: max(short / whole.width, 1))
        }
        if let lag = period(of: rest) {
            let long = snapped(lag * whole.width, width: whole.width, stepSeconds: stepSeconds)
            if !found.contains(where: { abs($0 - long) <= max(2 * whole.width, $0 / 10) }) { found.append(long) }
        }
        return found.sorted()
    }

    /// What remains when each part of the period loses its mean.
    package static func withoutSeason(_ values: [Double], period: Int) -> [Double] {
        var sums = Array(repeating: 0.0, count: period)
        var counts = Array(repeating: 0.0, count: period)
        for (index, value) in values.enumerated() {
            sums[index % period] += value
            counts[index % period] += 1
        }
        return values.enumerated().map { $1 - sums[$0 % period] / max(counts[$0 % period], 1) }
    }

    private static func snapped(_ period: Int, width: Int, stepSeconds: Double) -> Int {
        for seconds in calendar {
            let steps = seconds / stepSeconds
            let near = max(width > 1 ? Double(width) * 1.5 : 0.5, steps * calendarShare)
            if steps >= 2, abs(steps - Double(period)) <= near { return Int(steps.rounded()) }
        }
        return period
    }
}
