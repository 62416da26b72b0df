import Control
import Fleet
import Performance
import Testing

@testable import Policies

struct ForecastPolicyTests {
    /// Arrivals of the mean shape, so that 4 a second are one steady replica; none finishes.
    private func arrive(_ count: Int, _ sample: inout WorkloadSample) {
        sample.arrivedRequests += count
        sample.arrivedPromptTokens += count * 1000
        sample.arrivedUncachedTokens += count * 1000
    }

    // 8/s = 2 steady replicas x 1.2 = 2.4: 3.
    @Test func steadyLoad_hasTwentyPercentMargin() {
        expect(ForecastPolicy(.example()), from: 1, step: 600, load: "8 8", replicas: "3 3") { arrive($1, &$0) }
    }

    // Twice the knob: 2 x 2.4 = 4.8: 5.
    @Test func knob_multipliesTheMargin() {
        expect(ForecastPolicy(.example(knob: 2)), from: 1, step: 600, load: "8", replicas: "5") { arrive($1, &$0) }
    }

    @Test func requestsTwiceAsHeavy_countTwice() {
        // Work of a request of 1000 + 101: 0.0711 + 100 x (14.14e-3/20 + 223.5e-6) = 0.16415 s. With 201 tokens out:
        // 0.0711 + 200 x (707e-6 + 92.8e-6 + 124.4e-9 x 1101) = 0.25845 s: 8/s x 0.25845/(4 x 0.16415) = 3.149; x 1.2 = 3.78: 4.
        expect(ForecastPolicy(.example()), from: 1, step: 600, load: "8", replicas: "4") {
            arrive($1, &$0)
            $0.finishedRequests += $1
            $0.finishedPromptTokens += $1 * 1000
            $0.finishedUncachedTokens += $1 * 1000
            $0.finishedOutputTokens += $1 * 201
        }
    }

    @Test func rise_isExtrapolatedOverStartUpAnd30Seconds() throws {
        // 4, 6, 8, 10 and 12/s in five minutes are 1, 1.5, 2, 2.5 and 3 replicas: slope 0.5/60 per second;
        // 3 + 90 s x 0.5/60 = 3.75.
        var history = SampleHistory()
        var sample = WorkloadSample(at: Instant(seconds: 0))
        history.append(sample)
        for (minute, rate) in [4, 6, 8, 10, 12].enumerated() {
            arrive(rate * 60, &sample)
            sample.at = Instant(seconds: Double(minute + 1) * 60)
            history.append(sample)
        }
        let predicted = try #require(ForecastPolicy(.example()).predict(SampleView(history, through: sample.at)))
        #expect(abs(predicted - 3.75) < 1e-9)
    }

    @Test func fall_isNotExtrapolatedAndWaits300Seconds() {
        var stage = PolicyStage(ForecastPolicy(.example()), desired: 3)
        stage.run(seconds: 600) { arrive(8, &$0) }
        // The minute is clean of the old load at 661 s; the last wish for 3 was at 645 s or before (8 -> 4 crosses 2/1.2 replicas
        // a third of the way, at 621 s: last wish at 615 s), so 3 is kept until 900 s, and 2 after 915 s.
        stage.run(seconds: 300) { arrive(4, &$0) }
        #expect(stage.desired == 3)
        stage.run(seconds: 30) { arrive(4, &$0) }
        #expect(stage.desired == 2)
    }
}
