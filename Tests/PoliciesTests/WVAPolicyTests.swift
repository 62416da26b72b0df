import Control
import Fleet
import Testing

@testable import Policies

struct WVAPolicyTests {
    /// One replica's context tokens, the same on all.
    private func use(_ tokens: Int, _ sample: inout WorkloadSample) {
        for index in sample.replicas.indices { sample.replicas[index].contextTokens = tokens }
    }

    // Before any reading: N = 512 x 101 / 1101 = 46.97; k2 = 46.97 x (1000 + 50.5) = 49,341 tokens (0.8 C = 344,000).
    // 2 replicas with 50,000 each: 100,000 / 0.85 / 49,341 = 2.38: 3.
    @Test func demandAboveUpThreshold_addsWhatIsMissing() {
        var stage = PolicyStage(WVAPolicy(.example()), desired: 2)
        stage.run(seconds: 30) { use(50_000, &$0) }
        #expect(stage.desired == 3)
    }

    // 41,000 each: 82,000/0.85/49,341 = 1.96 adds nothing, 82,000/0.7/49,341 = 2.37 removes nothing.
    @Test func demandBetweenTheThresholds_keeps() {
        var stage = PolicyStage(WVAPolicy(.example()), desired: 2)
        stage.run(seconds: 400) { use(41_000, &$0) }
        #expect(stage.desired == 2)
    }

    // 8 replicas with 10,000 each: 80,000/0.7/49,341 = 2.32: 3 are kept, when the window of 300 s of the autoscaler lets it.
    @Test func demandBelowDownThreshold_shrinksThroughTheAutoscaler() {
        var stage = PolicyStage(WVAPolicy(.example()), desired: 8)
        stage.run(seconds: 300) { use(10_000, &$0) }
        #expect(stage.desired == 8)
        stage.run(seconds: 60) { use(80_000 / $0.replicas.count, &$0) }
        #expect(stage.desired == 3)
    }

    // 10 wait on 2 replicas (5 each): 20,000 in use each is now what a replica holds. Demand = 40,000 + 10,000 + 10 x 101
    // = 51,010: / 0.85 / 20,000 = 3.0006: 4.
    @Test func fiveWaitPerReplica_useIsTakenAsCapacity() {
        var stage = PolicyStage(WVAPolicy(.example()), desired: 2)
        stage.run(seconds: 30) {
            use(20_000, &$0)
            $0.queuedRequests = 10
            $0.queuedUncachedTokens = 10_000
        }
        #expect(stage.desired == 4)
    }

    // Of 5 replicas 3 are ready and use 82,000 in all: 82,000/0.7/49,341 = 2.37, so 3 are kept and 3 - 3 are spare: none goes.
    // Were the loading two counted as spare, they would go.
    @Test func loadingReplicas_areNotSpare() {
        var policy = WVAPolicy(.example())
        var history = SampleHistory()
        var sample = WorkloadSample(at: Instant(seconds: 0))
        sample.replicas = (0..<3).map { .idle($0) }
        use(82_000 / 3, &sample)
        history.append(sample)
        // Past the 300 s in which the autoscaler keeps the five that it found.
        let fleets = [0, 400].map { seconds in
            let now = Instant(seconds: Double(seconds))
            return policy.decide(
                PolicyInput(
                    now: now, samples: SampleView(history, through: now), desired: 5, ready: 3, starting: 2,
                    draining: 0,
                    bounds: ReplicaBounds(min: 1, max: 100))
            ).desired
        }
        #expect(fleets == [5, 5])
    }

    // A published 11 of 10 is inside the autoscaler's tolerance: 10 x 49,341 x 0.85 = 419,399; 420,000 wants 11.
    @Test func wishWithinTheAutoscalersTolerance_isLost() {
        var stage = PolicyStage(WVAPolicy(.example()), desired: 10)
        stage.run(seconds: 60) { use(42_000, &$0) }
        #expect(stage.desired == 10)
    }

    // The largest use of the minute counts, though it lasted a second: 2 x 60,000 = 120,000 / 0.85 / 49,341 = 2.86: 3.
    // What is used now (60,000 in all) would do with 2.
    @Test func shortUse_countsForAMinute() {
        var stage = PolicyStage(WVAPolicy(.example()), desired: 2)
        stage.run(seconds: 29) { use(30_000, &$0) }
        stage.run(seconds: 1) { use(60_000, &$0) }
        stage.run(seconds: 15) { use(30_000, &$0) }
        #expect(stage.desired == 3)
    }
}
