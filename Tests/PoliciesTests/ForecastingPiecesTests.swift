import Fleet
import Forecasting
import Testing

/// The pieces of Forecasting that the policies rest on.
struct ForecastingPiecesTests {
    // Second point: level variance 1000 + 0 + 1000 + 1 = 2001, covariance 1000; gains 2001/2011 and 1000/2011.
    // 10 then 20: level 10 + 0.99503 x 10 = 19.9503, trend 4.9727: next = 24.9229.
    @Test func trendFilter_secondPoint_matchesTheHandComputation() {
        var filter = LocalLinearTrendFilter(levelNoise: 1, trendNoise: 0.1, measurementNoise: 10)
        filter.append(10)
        #expect(filter.next == 10)
        filter.append(20)
        #expect(abs(filter.next - (10 + 20010.0 / 2011 + 10000.0 / 2011)) < 1e-9)
    }

    @Test func trendFilter_straightLine_isContinued() {
        var filter = LocalLinearTrendFilter(levelNoise: 1, trendNoise: 0.1, measurementNoise: 10)
        for step in 0..<40 { filter.append(100 + 7 * Double(step)) }
        #expect(abs(filter.next - 380) < 0.5)
    }

    @Test func slidingMaximum_valueLeavesAtItsWindow() {
        var maximum = SlidingMaximum(window: .seconds(30))
        let values = [5.0, 3, 4, 1, 1, 1].enumerated().map { index, value in
            maximum.append(value, at: Instant(seconds: Double(10 * index)))
        }
        #expect(values == [5, 5, 5, 4, 4, 1])
    }
}
