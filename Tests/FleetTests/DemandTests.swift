import Fleet
import Testing

struct DemandTests {
    private func sample(_ seconds: Double, _ requests: Int) -> WorkloadSample {
        var sample = WorkloadSample(at: Instant(seconds: seconds))
        sample.arrivedRequests = requests
        sample.arrivedPromptTokens = 100 * requests
        sample.arrivedUncachedTokens = 60 * requests
        return sample
    }

    @Test func demand_betweenSamples_isPerSecond() {
        #expect(
            Demand(from: sample(10, 4), to: sample(14, 12))
                == Demand(requestsPerSecond: 2, promptTokensPerSecond: 200, uncachedTokensPerSecond: 120))
    }

    @Test func demand_noTimeOrFallingCounters_isUnknown() {
        #expect(Demand(from: sample(10, 4), to: sample(10, 5)) == nil)
        #expect(Demand(from: sample(10, 4), to: sample(12, 3)) == nil)
    }

    @Test func queued_isAsIfItCameWithinTheTime() {
        var waiting = WorkloadSample(at: Instant(seconds: 0))
        waiting.queuedRequests = 60
        waiting.queuedPromptTokens = 600
        waiting.queuedUncachedTokens = 300
        let demand = Demand(queuedIn: waiting, clearedWithin: 30)
        #expect(demand == Demand(requestsPerSecond: 2, promptTokensPerSecond: 20, uncachedTokensPerSecond: 10))
    }
}
