import Fleet
import Forecasting
import Testing

struct DemandForecasterTests {
    /// Feeds a value every 10 s and tells the last forecast.
    private func forecast(
        _ forecaster: DemandForecaster, seconds: ClosedRange<Int>, horizon: Duration = .seconds(90),
        _ value: (Double) -> Double?
    ) -> Forecast? {
        var forecaster = forecaster
        var last: Forecast?
        for second in stride(from: seconds.lowerBound, through: seconds.upperBound, by: 10) {
            let now = Instant(seconds: Double(second))
            guard let measured = value(Double(second)) else { continue }
            forecaster.append(measured, at: now)
            last = forecaster.forecast(at: now, horizon: horizon, quantile: 0.75)
        }
        return last
    }

    private let forecaster = DemandForecaster()

    @Test func constant_isForecastWithoutExcess() throws {
        let forecast = try #require(forecast(forecaster, seconds: 0...3600) { _ in 5 })
        #expect(abs(forecast.last.mean - 5) < 1e-9)
        #expect(abs(try #require(forecast.last.quantile(0.75)) - 5) < 1e-9)
    }

    @Test func fewResiduals_excessIsUnknown() throws {
        #expect(try #require(forecast(forecaster, seconds: 0...300) { _ in 5 }).last.quantiles.isEmpty)
    }

    @Test func ramp_isContinuedOverTheHorizon() throws {
        // 1 per 100 s: at 3600 s 36 and 90 s later 36.9.
        let forecast = try #require(forecast(forecaster, seconds: 0...3600) { $0 / 100 })
        #expect(abs(forecast.last.mean - 36.9) < 0.1)
    }

    @Test func ramp_longerStartUp_isContinuedFarther() throws {
        // 1 per 100 s: 180 s after 3600 s, 37.8.
        let forecast = try #require(forecast(forecaster, seconds: 0...3600, horizon: .seconds(180)) { $0 / 100 })
        #expect(abs(forecast.last.mean - 37.8) < 0.1)
        #expect(forecast.last.at.seconds == 3780)
    }

    @Test func gap_isNotZero() throws {
        let forecast = try #require(forecast(forecaster, seconds: 0...3600) { (1000...2000).contains($0) ? nil : 5 })
        #expect(abs(forecast.last.mean - 5) < 1e-9)
    }

    @Test func excess_coversItsShareOfWhatCame() throws {
        // A jump of 10 every 600 s: the trend cannot know, so the excess is positive.
        let forecast = try #require(
            forecast(forecaster, seconds: 0...7200) { Int($0) / 300 % 2 == 0 ? 0 : 10 })
        #expect(try #require(forecast.last.quantile(0.75)) > forecast.last.mean + 1)
    }

    @Test func season_isUsedOnceAPeriodWasSeen() throws {
        // A square wave with the period of its season: just before the step the trend says 0, the season 10.
        let seasonal = DemandForecaster(period: .seconds(7200))
        let forecast = try #require(
            forecast(seasonal, seconds: 0...32_200, horizon: .seconds(600)) { Int($0) / 3600 % 2 == 0 ? 0 : 10 })
        // 32,200 s is 3,400 s into the fifth period; 600 s later it is up.
        #expect(forecast.last.mean > 7)
    }

    // Bursts of a minute every five: a mean of the last minute is always wrong, the mean of the last half hour is right.
    @Test func bursts_areNotTakenForANewLevel() throws {
        let forecast = try #require(
            forecast(forecaster, seconds: 0...7260) { Int($0) % 300 < 60 ? 10 : 0 })
        // 7,260 s is the end of a burst: the last minute says 6, the half hour 2.
        #expect(abs(forecast.last.mean - 2) < 0.7)
    }

    @Test func foreseen_isWhatWasForecastOneHorizonBefore() {
        var forecaster = DemandForecaster()
        forecaster.append(5, at: Instant(seconds: 0))
        let issued = forecaster.forecast(at: Instant(seconds: 0), horizon: .seconds(90), quantile: 0.5).last.mean
        forecaster.append(9, at: Instant(seconds: 80))
        #expect(forecaster.foreseen == nil)
        forecaster.append(9, at: Instant(seconds: 90))
        #expect(forecaster.foreseen == issued)
    }
}
