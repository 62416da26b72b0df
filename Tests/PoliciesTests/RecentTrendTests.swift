import Control
import Fleet
import Testing

@testable import Policies

struct RecentTrendTests {
    /// Requests per second in one minute each, oldest first; 4 a second are one steady replica.
    private func trend(_ rates: [Int]) -> RecentTrend? {
        var history = SampleHistory()
        var sample = WorkloadSample(at: Instant(seconds: 0))
        history.append(sample)
        for (minute, rate) in rates.enumerated() {
            sample.arrivedRequests += rate * 60
            sample.arrivedPromptTokens += rate * 60_000
            sample.arrivedUncachedTokens += rate * 60_000
            sample.at = Instant(seconds: Double(minute + 1) * 60)
            history.append(sample)
        }
        return RecentTrend(SampleView(history, through: sample.at), SteadyWork(.example()), outputTokens: 101)
    }

    // 1 to 3 replicas in five figures: half a replica a minute.
    @Test(arguments: [([4, 6, 8, 10, 12], 3, 0.5), ([40, 4, 6, 8, 10, 12], 3, 0.5), ([12, 10, 8, 6, 4], 1, -0.5)])
    func slope_isThatOfFiveMinutes(rates: [Int], level: Double, perMinute: Double) throws {
        let trend = try #require(self.trend(rates))
        #expect(abs(trend.level - level) < 1e-9)
        #expect(abs(try #require(trend.slope) - perMinute / 60) < 1e-9)
    }

    @Test func slope_fewerMinutes_isNotKnown() throws {
        #expect(try #require(trend([4, 8])).slope == nil)
        #expect(trend([]) == nil)
    }

    // Offsets -2 ... 2 minutes: 10 is the sum of their squares.
    @Test func slopeDeviation_isThatOfALeastSquaresLine() {
        #expect(abs(RecentTrend.slopeDeviation(chance: 1) - 1 / 10.0.squareRoot() / 60) < 1e-12)
    }
}
