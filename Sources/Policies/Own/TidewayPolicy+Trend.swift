internal import Control
internal import Fleet
internal import Performance

/// What a rise that is under way will have come to, where a fleet that is too small lets requests queue: then all of them miss their
/// limits until the queue is gone, and a trend that is believed too late costs more than one that was none.
extension TidewayPolicy {
    /// Trends are followed where more of those who miss their limits have queued.
    static let queueingMin = 0.5
    /// Standard deviations of a slope that are taken for chance, where there is no caution or late requests are passed over.
    static let trendDeviations = 2.0
    /// What is held over a trend at caution 1.
    static let trendMargin = 0.25
    /// A trend is followed up to so many times the mean of half an hour.
    static let trendMax = 2.5
    /// Seconds in which the family of forecasts has seen too little to be relied on alone, and after which it has seen enough.
    static let youthSeconds = 5400.0...10_800

    /// A trend, as steady replicas one horizon ahead.
    struct Rise {
        /// Beyond what is planned for, and beyond what chance gives a slope; in the measure of the caution: where enough is in time,
        /// forecasts do.
        var beyondPlan: Double
        /// The level that it leads to, with a margin. It holds the reserve for chance too: what the curve of a steady rate says is not
        /// added to it.
        var withMargin: Double
    }

    /// How much of the first hours is left, 1 ... 0.
    static func youth(_ seconds: Double) -> Double {
        let left = (youthSeconds.upperBound - seconds) / (youthSeconds.upperBound - youthSeconds.lowerBound)
        return min(max(left, 0), 1)
    }

    /// The trend to follow; nil where answers only become slower, and before there was one.
    func trend(_ samples: SampleView, outputTokens: Double, horizon: Duration, caution: Double) -> Rise? {
        guard !pace.isFast, foresight(.level) == nil,
            context.operatingPoint.queueingShare ?? 0 > TidewayPolicy.queueingMin,
            let trend = RecentTrend(samples, work, outputTokens: outputTokens), let slope = trend.slope
        else { return nil }
        let doubt =
            TidewayPolicy.trendDeviations
            * RecentTrend.slopeDeviation(
                chance: chance(trend.level, over: RecentTrend.window) / TidewayPolicy.surgeDeviations)
        let care = caution < settings.caution ? caution / settings.caution : 1
        func level(doubt: Double) -> Double { trend.level + max(slope - doubt, 0) * horizon.seconds }
        return Rise(
            beyondPlan: max(level(doubt: doubt) - state.planned, 0) * care,
            withMargin: min(
                (1 + TidewayPolicy.trendMargin * caution) * level(doubt: (1 - care) * doubt),
                TidewayPolicy.trendMax * state.outlook.longMean))
    }
}
