import Forecasting
import RealModule
import Sampling
import Testing

struct SeasonTests {
    @Test func autocorrelation_alternating_isOneAndMinusOne() {
        let correlation = FourierTransform.autocorrelation((0..<64).map { $0 % 2 == 0 ? 1.0 : -1 })
        #expect(abs(correlation[0] - 1) < 1e-9)
        #expect(abs(correlation[1] + 1) < 1e-9)
        #expect(abs(correlation[2] - 1) < 1e-9)
    }

    @Test func autocorrelation_constant_isEmpty() {
        #expect(FourierTransform.autocorrelation(Array(repeating: 3.3, count: 50)).isEmpty)
    }

    @Test func period_noisySine_isFound() {
        var generator = SeededGenerator(seed: 3, stream: 0)
        let values = (0..<600).map { 5 + 2 * Double.sin(2 * Double.pi * Double($0) / 37) + generator.uniform() }
        let period = SeasonFinder.period(of: values)
        #expect(period.map { abs($0 - 37) <= 1 } == true)
    }

    @Test func period_noise_isNone() {
        for seed in 1...10 {
            var generator = SeededGenerator(seed: UInt64(seed), stream: 0)
            #expect(SeasonFinder.period(of: (0..<1_000).map { _ in generator.uniform() }) == nil, "seed \(seed)")
        }
    }

    @Test func periods_dayInMinutes_isFoundInTheWholeHistory() {
        // Five days in minutes: the latest 2,048 samples do not hold two days.
        var whole = BinnedHistory()
        let values = (0..<7_200).map { 5 + Double.sin(2 * Double.pi * Double($0) / 1_440) }
        for value in values { whole.append(value) }
        #expect(whole.width == 4)
        let periods = SeasonFinder.periods(recent: Array(values.suffix(2_048)), whole: whole, stepSeconds: 60)
        #expect(periods.contains(1_440))
    }

    @Test func binnedHistory_grows_halvesItsResolution() {
        var whole = BinnedHistory()
        for index in 0..<BinnedHistory.binsMax { whole.append(Double(index)) }
        #expect(whole.bins.count == BinnedHistory.binsMax / 2)
        #expect(whole.width == 2)
        #expect(whole.bins[1] == 2.5)
    }
}
