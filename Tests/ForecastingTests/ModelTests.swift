import Forecasting
import RealModule
import Testing

/// Each model against numbers worked out by hand.
struct ModelTests {
    private func path(_ steps: Int, _ forecast: (UnsafeMutableBufferPointer<Double>) -> Void) -> [Double] {
        var values = Array(repeating: 0.0, count: steps)
        values.withUnsafeMutableBufferPointer { forecast($0) }
        return values
    }

    @Test func fadingMean_firstValues_areAveragedPlainly() {
        var mean = FadingMean(steps: 4)
        mean.append(2)
        mean.append(4)
        #expect(mean.value == 3)
        mean.append(6)
        #expect(mean.value == 4)
        // From the fourth value on a quarter counts: 4 + (8 - 4) / 4 = 5, then 5 + (9 - 5) / 4 = 6.
        mean.append(8)
        mean.append(9)
        #expect(mean.value == 6)
    }

    @Test func dampedTrend_twoValues_bendsTowardsAnAsymptote() {
        var trend = DampedTrend()
        trend.append(10)
        trend.append(14)
        // Error 4: level 10 + 0.5 x 4 = 12, trend 0.5 x 0.15 x 4 = 0.3; ahead 12 + 0.93 x 0.3, then + 0.93^2 x 0.3.
        let ahead = path(2) { trend.forecast(into: $0) }
        #expect(abs(ahead[0] - 12.279) < 1e-12)
        #expect(abs(ahead[1] - 12.53847) < 1e-12)
    }

    @Test func dampedTrend_gap_goesOnAlongTheTrend() {
        var trend = DampedTrend()
        for value in [10.0, 14] { trend.append(value) }
        let before = path(2) { trend.forecast(into: $0) }
        trend.append(nil)
        let after = path(1) { trend.forecast(into: $0) }
        #expect(abs(after[0] - before[1]) < 1e-12)
    }

    @Test func residualCarry_alternatingAndHalving_findsTheCoefficient() {
        var carry = ResidualCarry()
        // 8, 4, 2, 1: each is half of the one before.
        for residual in [8.0, 4, 2, 1] { carry.append(residual) }
        #expect(abs(carry.coefficient - 0.5) < 0.01)
        let ahead = path(2) { carry.add(to: $0) }
        #expect(abs(ahead[0] - 0.5) < 0.01)
        #expect(abs(ahead[1] - 0.25) < 0.01)
        var alternating = ResidualCarry()
        for residual in [1.0, -1, 1, -1] { alternating.append(residual) }
        #expect(alternating.coefficient == 0)
    }

    @Test func recursiveLeastSquares_line_isFoundExactly() {
        var regression = RecursiveLeastSquares(initial: [0, 0], ridge: 1e-6, memorySteps: 1e6)
        for x in 0..<20 { regression.append([1, Double(x)], measured: 3 + 2 * Double(x)) }
        #expect(abs(regression.coefficients[0] - 3) < 1e-3)
        #expect(abs(regression.coefficients[1] - 2) < 1e-3)
    }

    @Test func recursiveLeastSquares_ridge_isThatOfTheNormalEquations() {
        // One input of 1, ridge 1, values 3 and 6: b = 9 / (2 + 1) = 3, but for the forgetting of one in a million.
        var regression = RecursiveLeastSquares(initial: [0], ridge: 1, memorySteps: 1e6)
        for value in [3.0, 6] { regression.append([1], measured: value) }
        #expect(abs(regression.coefficients[0] - 3) < 1e-4)
    }

    @Test func recursiveLeastSquares_sameInputForever_staysFinite() {
        var regression = RecursiveLeastSquares(initial: [0, 1], ridge: 1, memorySteps: 50)
        for _ in 0..<20_000 { regression.append([1, 0], measured: 2) }
        #expect(abs(regression.coefficients[0] - 2) < 0.1)
        regression.append([1, 5], measured: 2)
        #expect(regression.coefficients.allSatisfy { $0.isFinite })
    }

    @Test func lagRegression_threeCycle_isContinued() {
        var ring = ValueRing(capacity: 256)
        var unit = Unit()
        var lags = LagRegression(periods: [], historyCount: 256)
        for index in 0..<200 {
            let value = [1.0, 5, 3][index % 3]
            unit.append(value)
            if unit.isSet { lags.append(value, after: ring, unit: unit) }
            ring.append(value)
        }
        // 200 values end with the part of index 199, which is 199 mod 3 = 1.
        let ahead = path(3) { lags.forecast(into: $0, after: ring, unit: unit, bounds: -10...20) }
        for (value, expected) in zip(ahead, [3.0, 1, 5]) { #expect(abs(value - expected) < 0.2) }
    }

    @Test func fourierRegression_sine_isContinued() {
        var unit = Unit()
        var fourier = FourierRegression(periods: [24])
        func value(_ place: Int) -> Double { 10 + 4 * Double.sin(2 * Double.pi * Double(place) / 24) }
        for place in 0..<240 {
            unit.append(value(place))
            fourier.append(value(place), place: place, unit: unit)
        }
        let ahead = path(24) { fourier.forecast(into: $0, place: 239, unit: unit) }
        for step in 0..<24 { #expect(abs(ahead[step] - value(240 + step)) < 0.2) }
    }

    @Test func seasonalSmoothing_twoPeriods_areLearnt() {
        var seasonal = SeasonalSmoothing(periods: [4, 12])
        func value(_ place: Int) -> Double { [1.0, 2, 3, 2][place % 4] + (place % 12 == 5 ? 10 : 0) + 20 }
        for place in 0..<600 { seasonal.append(value(place), place: place) }
        let ahead = path(12) { seasonal.forecast(into: $0, place: 599) }
        for step in 0..<12 { #expect(abs(ahead[step] - value(600 + step)) < 0.3) }
    }

    @Test func covariateRegression_campaign_raisesTheStepsThatHaveIt() {
        var unit = Unit()
        var regression = CovariateRegression(count: 1)
        for place in 0..<300 {
            let campaign = place / 10 % 3 == 0 ? 1.0 : 0
            let value = 5 + 20 * campaign
            unit.append(value)
            regression.append(value, covariates: [campaign], unit: unit)
        }
        let ahead = path(2) { regression.forecast(into: $0, ahead: [[0], [1]], unit: unit) }
        #expect(abs(ahead[0] - 5) < 0.5)
        #expect(abs(ahead[1] - 25) < 0.5)
    }

    @Test func shiftingMean_step_restartsAtTheNewLevel() {
        var mean = ShiftingMean()
        for index in 0..<100 { mean.append(index % 2 == 0 ? 9 : 11) }
        #expect(abs(mean.mean - 10) < 1e-9)
        for index in 0..<6 { mean.append(index % 2 == 0 ? 49 : 51) }
        #expect(mean.shiftCount == 1)
        #expect(abs(mean.mean - 50) < 1)
    }

    @Test func shiftingMean_oneSpike_isABurstAndNoShift() {
        var mean = ShiftingMean()
        for index in 0..<100 { mean.append(index % 2 == 0 ? 9 : 11) }
        mean.append(60)
        #expect(mean.isBurst)
        mean.append(10)
        #expect(!mean.isBurst)
        #expect(mean.shiftCount == 0)
    }
}
