import Fleet
import Forecasting
import Sampling
import Testing

struct WorkloadForecasterTests {
    /// Rate and length move against each other, so their product is steady: products of quantiles would be far too wide.
    @Test func load_ofOpposedSeries_isNarrowerThanTheProductOfQuantiles() throws {
        var generator = SeededGenerator(seed: 1, stream: 0)
        var forecaster = WorkloadForecaster(step: .seconds(10), stepsMax: 6)
        for index in 0..<1_000 {
            let factor = 0.5 + generator.uniform()
            forecaster.append(
                .init(requestsPerSecond: 10 * factor, promptTokens: 100 / factor, outputTokens: 50),
                at: Instant(seconds: Double(index) * 10))
        }
        let answer = try #require(forecaster.forecast(steps: 6, quantiles: [0.1, 0.5, 0.9]))
        let load = try #require(answer.promptTokensPerSecond.steps.first)
        #expect(abs(try #require(load.quantile(0.9)) - 1_000) < 150)
        #expect(abs(try #require(load.quantile(0.1)) - 1_000) < 150)
        let rate = try #require(answer.requestsPerSecond.steps.first?.quantile(0.9))
        let prompt = try #require(answer.promptTokens.steps.first?.quantile(0.9))
        #expect(rate * prompt > 1_500)
    }

    @Test func noRequests_sayNothingOfLengths() throws {
        var forecaster = WorkloadForecaster(step: .seconds(10), stepsMax: 6)
        for index in 0..<100 {
            forecaster.append(
                .init(requestsPerSecond: 2, promptTokens: 100, outputTokens: 10),
                at: Instant(seconds: Double(index) * 10))
        }
        for index in 100..<200 {
            forecaster.append(
                .init(requestsPerSecond: 0, promptTokens: nil, outputTokens: nil),
                at: Instant(seconds: Double(index) * 10))
        }
        let answer = try #require(forecaster.forecast(steps: 6, quantiles: [0.5]))
        #expect(abs(answer.promptTokens.last.mean - 100) < 1)
        #expect(answer.requestsPerSecond.last.mean < 0.2)
    }

    @Test func nothingMeasured_hasNoForecast() {
        #expect(WorkloadForecaster(step: .seconds(10), stepsMax: 6).forecast(steps: 6, quantiles: [0.5]) == nil)
    }
}
