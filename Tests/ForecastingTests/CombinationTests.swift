import Forecasting
import Testing

struct CombinationTests {
    @Test func residualWindow_ranks_areThoseOfSplitConformal() {
        var window = ResidualWindow(capacity: 9)
        for value in [5.0, 1, 9, 3, 7, 2, 8, 4, 6] { window.append(value) }
        // Nine residuals: level q has rank 10 q.
        #expect(window.quantile(0.5) == 5)
        #expect(window.quantile(0.9) == 9)
        #expect(abs(window.quantile(0.55) - 5.5) < 1e-9)
    }

    @Test func residualWindow_full_forgetsTheOldest() {
        var window = ResidualWindow(capacity: 3)
        for value in [100.0, 1, 2, 3] { window.append(value) }
        #expect(window.count == 3)
        #expect(window.quantile(0.5) == 2)
        window.append(-5)
        #expect(window.quantile(0.25) == -5)
        #expect(window.quantile(0.75) == 3)
    }

    @Test func residualWindow_beyondTheOutermostRank_theTailGoesOn() {
        var window = ResidualWindow(capacity: 20)
        for value in 1...20 { window.append(Double(value)) }
        let outermost = window.quantile(20.0 / 21)
        #expect(abs(outermost - 20) < 1e-9)
        #expect(window.quantile(0.99) > 20)
        #expect(window.quantile(0.999) > window.quantile(0.99))
        #expect(window.quantile(0.01) < 1)
    }

    @Test func leadBucket_modelThatMissesLess_getsTheWeight() {
        var bucket = LeadBucket(lead: 1, modelCount: 2)
        for place in 0..<100 {
            bucket.judge(place % 2 == 0 ? 1 : -1, at: place)
            // The first model is always off by up to 11, the second by 1.
            let far = place % 3 == 0 ? 10.0 : -10
            bucket.issue(at: place, paths: [far, 0], stepsMax: 1, spread: 1, issued: [0, 0, 0, 0])
        }
        #expect(bucket.weights[1] > 0.99)
        #expect(abs(bucket.weights[0] + bucket.weights[1] - 1) < 1e-12)
    }

    @Test func leadBucket_alwaysMissed_asksForMore() {
        var bucket = LeadBucket(lead: 1, modelCount: 1)
        for place in 0..<200 {
            bucket.judge(10, at: place)
            bucket.issue(at: place, paths: [0], stepsMax: 1, spread: 1, issued: [1, 2, 3, 4])
        }
        #expect(bucket.adaptedLevel(0.9) > 0.95)
        #expect(bucket.adaptedLevel(0.99) > 0.99)
        #expect(bucket.adaptedLevel(0.99) < 1)
    }
}
