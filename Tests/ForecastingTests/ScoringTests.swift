import Forecasting
import Testing

struct ScoringTests {
    @Test func origins_spreadOverTheSecondHalf() {
        #expect(RollingOrigin.origins(sampleCount: 100, steps: 10, number: 5) == [50, 60, 70, 80, 90])
        #expect(RollingOrigin.origins(sampleCount: 11, steps: 4, number: 30) == [6, 7])
        #expect(RollingOrigin.origins(sampleCount: 10, steps: 5, number: 30) == [5])
        #expect(RollingOrigin.origins(sampleCount: 10, steps: 6, number: 30) == [])
        #expect(RollingOrigin.origins(sampleCount: 0, steps: 1, number: 30) == [])
    }

    @Test func scale_isTheMeanChange() {
        #expect(RollingOrigin.scale([1, 3, nil, 2]) == 1.5)
        #expect(RollingOrigin.scale([4, 4, 4]) == 4)
        #expect(RollingOrigin.scale([0, 0]) == 1)
        #expect(RollingOrigin.scale([]) == 1)
    }

    @Test func quantileScore_workedNumbers() {
        var score = QuantileScore(levels: [0.5, 0.9])
        #expect(score.loss == nil)
        // 10 against 8 and 14: 0.5 x 2 = 1 and 0.1 x 4 = 0.4. 20 against the same: 6 and 0.9 x 6 = 5.4.
        score.add([8, 14], measured: 10)
        score.add([8, 14], measured: 20)
        #expect(abs((score.loss ?? 0) - 3.2) < 1e-12)
        #expect(score.coverage == [0, 0.5])
    }

    @Test func naive_lastValue_hasTheQuantilesOfItsChanges() {
        // Changes of one step: 1, 1, 1, 1; of two steps: 2, 2, 2.
        let rows = NaiveForecast.quantiles([1, 2, 3, 4, 5], period: nil, steps: 2, levels: [0.5])
        #expect(rows == [[6], [7]])
    }

    @Test func naive_seasonal_repeatsThePeriod() {
        let rows = NaiveForecast.quantiles([1, 5, 1, 5, 1, 5], period: 2, steps: 3, levels: [0.5, 0.9])
        #expect(rows == [[1, 1], [5, 5], [1, 1]])
    }

    @Test func naive_oneValue_hasNoResiduals() {
        #expect(NaiveForecast.quantiles([1], period: nil, steps: 1, levels: [0.5]) == nil)
        #expect(NaiveForecast.quantiles([nil], period: nil, steps: 1, levels: [0.5]) == nil)
    }
}
