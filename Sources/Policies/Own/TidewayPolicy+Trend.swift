internal import Control
internal import Fleet
internal import Performance

/// What a rise that is under way will have come to.
extension TidewayPolicy {
    /// Trends are followed where more of those who miss their limits have queued: in the order `fcfs` with a margin, at caution 1,
    /// and up to a multiple of the half hour's mean; where the late are passed over, beyond so many standard deviations.
    static let queueingMin = 0.5
    static let trendMargin = 0.25
    static let trendMax = 2.5
    static let trendDeviations = 2.0

    /// The trend to follow, where a fleet that is too small lets requests queue: then all of them miss their limits until the queue is
    /// gone, and a trend that is believed too late costs more than one that was none.
    func trend(_ samples: SampleView, outputTokens: Double) -> RecentTrend? {
        guard !pace.isFast, foresight(.level) == nil,
            context.operatingPoint.queueingShare ?? 0 > TidewayPolicy.queueingMin
        else { return nil }
        return RecentTrend(samples, work, outputTokens: outputTokens)
    }

    /// The replicas for what a rise will have come to, first come first served. Its margin, by caution, holds the reserve for chance
    /// too: what the curve of a steady rate says is not added to it.
    func covering(_ trend: RecentTrend, _ caution: Double, horizon: Duration) -> Int {
        guard let slope = trend.slope else { return 0 }
        let risen = (1 + TidewayPolicy.trendMargin * caution) * (trend.level + max(slope, 0) * horizon.seconds)
        let demand = min(risen, TidewayPolicy.trendMax * state.outlook.longMean)
        return Int(covering: demand * context.knob * slowness)
    }

    /// The demand that a rise will have come to where the late are passed over: beyond what chance gives the slope, and in the measure of
    /// the caution. Where enough is in time, forecasts do.
    func cautious(_ trend: RecentTrend, _ caution: Double, horizon: Duration) -> Double {
        guard let slope = trend.slope else { return 0 }
        let doubt =
            TidewayPolicy.trendDeviations
            * RecentTrend.slopeDeviation(
                chance: chance(trend.level, over: RecentTrend.window) / TidewayPolicy.surgeDeviations)
        let risen = trend.level + max(slope - doubt, 0) * horizon.seconds
        return state.planned + max(risen - state.planned, 0) * min(caution / settings.caution, 1)
    }
}
