import Fleet
import Sampling
import Testing

@testable import Forecasting

struct SwitchingTrendTests {
    private func ahead(_ trend: SwitchingTrend, steps: Int) -> [Double] {
        var path = [Double](repeating: 0, count: steps)
        path.withUnsafeMutableBufferPointer { trend.forecast(into: $0) }
        return path
    }

    /// A value and a noise that repeats and has no trend.
    private func noisy(_ value: Double, _ step: Int) -> Double { value + [0.0, 3, -2, 1, -3, 2, -1][step % 7] }

    @Test func forecast_noiseAboutALevel_isTheLevel() {
        var trend = SwitchingTrend()
        for step in 0..<140 { trend.append(noisy(100, step)) }
        for value in ahead(trend, steps: 10) { #expect(abs(value - 100) < 1.5) }
        #expect(trend.chances[0] > 0.5)
    }

    // 100 for long, then 4 more a step: after ten steps the slope is known to a third, and the still regime is given up.
    @Test func forecast_rampBegins_isFollowedWithinSteps() {
        var trend = SwitchingTrend()
        for step in 0..<140 { trend.append(noisy(100, step)) }
        for step in 1...10 { trend.append(noisy(100 + 4 * Double(step), step)) }
        let path = ahead(trend, steps: 6)
        #expect(trend.chances[0] < 0.2)
        #expect(path[5] > 140 + 0.7 * 24 && path[5] < 140 + 1.3 * 24)
    }

    @Test func forecast_oneOutlier_isNoRamp() {
        var trend = SwitchingTrend()
        for step in 0..<140 { trend.append(noisy(100, step)) }
        trend.append(1000)
        for step in 0..<14 { trend.append(noisy(100, step)) }
        for value in ahead(trend, steps: 6) { #expect(abs(value - 100) < 5) }
    }

    // The unit is of no account, and a constant series has no noise to divide by.
    @Test(arguments: [1e-6, 1.0, 1e9])
    func forecast_otherUnit_isTheSameForecast(unit: Double) {
        var trend = SwitchingTrend()
        for step in 0..<60 { trend.append(unit * noisy(50 + Double(step), step)) }
        var plain = SwitchingTrend()
        for step in 0..<60 { plain.append(noisy(50 + Double(step), step)) }
        for (value, expected) in zip(ahead(trend, steps: 5), ahead(plain, steps: 5)) {
            #expect(abs(value / unit - expected) < 1e-4 * expected)
        }
    }

    @Test func forecast_nothingSeen_isZero() { #expect(ahead(SwitchingTrend(), steps: 2) == [0, 0]) }

    @Test func append_gap_goesOnWithTheTrend() {
        var trend = SwitchingTrend()
        for step in 0..<60 { trend.append(10 * Double(step)) }
        let before = ahead(trend, steps: 1)[0]
        trend.append(nil)
        trend.append(nil)
        #expect(ahead(trend, steps: 1)[0] > before + 15)
    }

    @Test func seriesForecaster_switchingTrendAlone_hasQuantilesAroundTheRamp() throws {
        var forecaster = SeriesForecaster(step: .seconds(1), stepsMax: 8, members: .switchingTrend)
        for step in 0..<200 {
            forecaster.append(noisy(100 + Double(step), step), at: Instant(seconds: Double(step)))
        }
        let step = try #require(forecaster.forecast(steps: 7, quantiles: [0.1, 0.9])?.last)
        #expect(abs(step.mean - 306) < 8)
        #expect(try #require(step.quantile(0.1)) < 306 && #require(step.quantile(0.9)) > 306)
    }

    // No noise at all, so that rounding is infinitely far from what was expected.
    @Test(arguments: [0, 15, 0.1, 1.0 / 3, 1e-300, 1e300])
    func forecast_constantSeries_isTheConstant(_ constant: Double) {
        var trend = SwitchingTrend()
        for _ in 0..<500 { trend.append(constant) }
        let ahead = ahead(trend, steps: 5)
        #expect(ahead.allSatisfy { abs($0 - constant) <= 1e-9 * constant })
    }

    @Test(arguments: [1, 1e-12, 1e12])
    func forecast_stepAfterAConstant_isFinite(_ size: Double) {
        var trend = SwitchingTrend()
        for _ in 0..<100 { trend.append(0) }
        for _ in 0..<30 { trend.append(size) }
        #expect(ahead(trend, steps: 5).allSatisfy { abs($0 - size) <= 0.5 * size })
    }
}
