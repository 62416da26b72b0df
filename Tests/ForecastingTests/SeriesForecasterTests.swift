import Fleet
import Forecasting
import Foundation
import RealModule
import Sampling
import Testing

struct SeriesForecasterTests {
    private static let levels = [0.1, 0.5, 0.9]

    private func forecaster(_ values: [Double?], step: Double = 10, stepsMax: Int = 6) -> SeriesForecaster {
        var forecaster = SeriesForecaster(step: .seconds(step), stepsMax: stepsMax)
        for (index, value) in values.enumerated() {
            forecaster.append(value, at: Instant(seconds: Double(index) * step))
        }
        return forecaster
    }

    // MARK: Degenerate series

    @Test func empty_hasNoForecast() {
        #expect(forecaster([]).forecast(steps: 6, quantiles: Self.levels) == nil)
    }

    @Test func gapsAlone_haveNoForecast() {
        #expect(forecaster([nil, nil, .nan]).forecast(steps: 6, quantiles: Self.levels) == nil)
    }

    @Test func oneSample_isRepeatedWithoutQuantiles() throws {
        let forecast = try #require(forecaster([7]).forecast(steps: 6, quantiles: Self.levels))
        #expect(forecast.steps.count == 6)
        for step in forecast.steps { #expect(abs(step.mean - 7) < 1e-9) }
        #expect(forecast.steps.filter { !$0.quantiles.isEmpty }.isEmpty)
        #expect(forecast.last.at == Instant(seconds: 60))
    }

    @Test(arguments: [0, 5, 1e12, 1e-9])
    func constant_isForecastExactly(value: Double) throws {
        let known = forecaster(Array(repeating: value, count: 300))
        let forecast = try #require(known.forecast(steps: 6, quantiles: Self.levels))
        for step in forecast.steps {
            #expect(abs(step.mean - value) <= 1e-6 * value)
            #expect(step.quantiles.count == 3)
            for quantile in step.quantiles { #expect(abs(quantile.value - value) <= 1e-6 * value) }
        }
    }

    @Test func manyGaps_areNotZeros() throws {
        var generator = SeededGenerator(seed: 5, stream: 0)
        let values = (0..<2_000).map { _ in generator.uniform() < 0.7 ? nil : 20 + generator.uniform() }
        let forecast = try #require(forecaster(values).forecast(steps: 6, quantiles: Self.levels))
        for step in forecast.steps {
            #expect((19.9...21.1).contains(step.mean))
            #expect(try #require(step.quantile(0.1)) > 19.5)
        }
    }

    @Test func gapToldAndGapLeftOut_areTheSame() {
        var told = SeriesForecaster(step: .seconds(10), stepsMax: 6)
        var leftOut = told
        for index in 0..<199 {
            let isGap = index % 7 == 3 || (100..<110).contains(index)
            let value = Double(index % 5)
            told.append(isGap ? nil : value, at: Instant(seconds: Double(index) * 10))
            if !isGap { leftOut.append(value, at: Instant(seconds: Double(index) * 10)) }
        }
        #expect(
            told.forecast(steps: 6, quantiles: Self.levels) == leftOut.forecast(steps: 6, quantiles: Self.levels))
    }

    @Test func yearOfSilence_isBridgedAtOnce() throws {
        var known = forecaster(Array(repeating: 4, count: 100))
        known.append(5, at: Instant(seconds: 31_536_000))
        let forecast = try #require(known.forecast(steps: 6, quantiles: Self.levels))
        #expect((3.9...5.1).contains(forecast.last.mean))
    }

    @Test func negativeValues_areForecastAsNegative() throws {
        var generator = SeededGenerator(seed: 6, stream: 0)
        let values = (0..<500).map { _ in -50 + generator.uniform() }
        let forecast = try #require(forecaster(values).forecast(steps: 6, quantiles: Self.levels))
        for step in forecast.steps { #expect((-50.2...(-48.8)).contains(step.mean)) }
    }

    @Test func positiveValues_areNeverForecastBelowZero() throws {
        let values = (0..<200).map { max(100 - Double($0), 0) }
        let forecast = try #require(forecaster(values).forecast(steps: 6, quantiles: [0.01, 0.5]))
        for step in forecast.steps { for quantile in step.quantiles { #expect(quantile.value >= 0) } }
    }

    @Test func clockJumpsBack_theGridMovesAlong() throws {
        var known = forecaster(Array(repeating: 4, count: 100))
        for index in 0..<50 { known.append(6, at: Instant(seconds: 200 + Double(index) * 10)) }
        #expect(known.clock.jumpsBack == 1)
        #expect(known.clock.place == 149)
        let forecast = try #require(known.forecast(steps: 6, quantiles: Self.levels))
        #expect(forecast.issuedAt == Instant(seconds: 690))
        #expect(forecast.steps[0].at == Instant(seconds: 700))
        #expect(abs(forecast.steps[0].mean - 6) < 0.5)
    }

    @Test func infiniteValue_isAGap() {
        var known = forecaster(Array(repeating: 4, count: 100))
        known.append(.infinity, at: Instant(seconds: 1_000))
        #expect(known.count == 100)
    }

    // MARK: What it should do

    @Test func quantiles_riseWithTheirLevel() throws {
        var generator = SeededGenerator(seed: 8, stream: 0)
        let values = (0..<700).map { 10 + 5 * Double.sin(Double($0) / 9) + 4 * generator.uniform() }
        let known = forecaster(values, stepsMax: 60)
        let forecast = try #require(known.forecast(steps: 60, quantiles: [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99]))
        for step in forecast.steps {
            #expect(zip(step.quantiles, step.quantiles.dropFirst()).filter { $0.value > $1.value }.isEmpty)
        }
    }

    @Test func season_isContinued() throws {
        let values = (0..<400).map { $0 % 20 < 4 ? 100.0 : 10 }
        let known = forecaster(values, stepsMax: 20)
        #expect(known.family.periods.contains(20))
        let forecast = try #require(known.forecast(steps: 20, quantiles: Self.levels))
        for (index, step) in forecast.steps.enumerated() {
            #expect(abs(step.mean - (index < 4 ? 100 : 10)) < 5, "step \(index)")
        }
    }

    @Test func levelShift_isFollowedWithinAFewSteps() throws {
        var generator = SeededGenerator(seed: 9, stream: 0)
        let values = (0..<300).map { ($0 < 290 ? 10 : 60) + generator.uniform() }
        let forecast = try #require(forecaster(values).forecast(steps: 6, quantiles: Self.levels))
        #expect(forecast.last.mean > 50)
    }

    /// Whatever the noise, as many values stay below a quantile as its level says.
    @Test(arguments: ["uniform", "skewed", "walk", "season"])
    func coverage_onUnseenData_isNominal(kind: String) {
        var generator = SeededGenerator(seed: 11, stream: 0)
        let levels = [0.5, 0.9, 0.99]
        var known = SeriesForecaster(step: .seconds(10), stepsMax: 8)
        var scores = [1, 4, 8].map { (lead: $0, score: QuantileScore(levels: levels)) }
        var issued: [Int: Forecast] = [:]
        var walk = 100.0
        for index in 0..<3_000 {
            let noise = generator.uniform()
            walk += noise - 0.5
            let value =
                switch kind {
                case "uniform": 50 + noise
                case "skewed": 20 - 5 * Double.log(1 - noise)
                case "walk": walk
                default: 50 + 20 * Double.sin(2 * Double.pi * Double(index) / 48) + 5 * noise
                }
            for place in scores.indices {
                let step = issued[index - scores[place].lead]?.steps[scores[place].lead - 1]
                if let step { scores[place].score.add(step.quantiles.map(\.value), measured: value) }
            }
            known.append(value, at: Instant(seconds: Double(index) * 10))
            if index >= 500 { issued[index] = known.forecast(steps: 8, quantiles: levels) }
        }
        for (lead, score) in scores {
            for (level, share) in zip(levels, score.coverage) {
                #expect(abs(share - level) < 0.025, "\(kind), lead \(lead), level \(level): \(share)")
            }
        }
    }

    @Test func sameSamples_giveTheSameStateAndSurviveCoding() throws {
        var generator = SeededGenerator(seed: 12, stream: 0)
        let values = (0..<600).map { 10 + 5 * Double.sin(Double($0) / 7) + generator.uniform() }
        let known = forecaster(values)
        #expect(known == forecaster(values))
        let decoded = try JSONDecoder().decode(SeriesForecaster.self, from: JSONEncoder().encode(known))
        #expect(decoded == known)
        #expect(decoded.forecast(steps: 6, quantiles: Self.levels) == known.forecast(steps: 6, quantiles: Self.levels))
    }

    @Test func scheduledMinimum_raisesItsStepsOnly() throws {
        let known = forecaster(Array(repeating: 5, count: 100))
        let forecast = try #require(known.forecast(steps: 6, quantiles: Self.levels))
        let event = ScheduledMinimum(from: Instant(seconds: 1_010), until: Instant(seconds: 1_030), least: 40)
        let raised = forecast.raised(to: [event])
        // The last sample is that of 990 s: the steps lie at 1,000, 1,010, 1,020, 1,030...
        #expect(raised.steps.map { $0.mean > 39 } == [false, true, true, false, false, false])
        #expect(raised.steps[1].quantile(0.9) == 40)
    }

    @Test func calendar_knownAhead_isUsed() throws {
        var known = SeriesForecaster(step: .seconds(60), stepsMax: 4, covariateCount: 1)
        var generator = SeededGenerator(seed: 13, stream: 0)
        let campaign = (0..<1_204).map { _ in generator.uniform() < 0.1 ? 1.0 : 0 }
        for index in 0..<1_200 {
            known.append(
                10 + 50 * campaign[index], at: Instant(seconds: Double(index) * 60), covariates: [campaign[index]],
                ahead: (1...4).map { [campaign[index + $0]] })
        }
        let forecast = try #require(known.forecast(steps: 4, quantiles: [0.5]))
        for (step, value) in zip(forecast.steps, campaign.suffix(4)) { #expect(abs(step.mean - 10 - 50 * value) < 3) }
    }
}
