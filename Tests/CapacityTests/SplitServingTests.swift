import Fleet
import Performance
import Routing
import Testing

@testable import Capacity

@Suite struct SplitServingTests {
    private let split = SplitServing(
        prefill: .a100, decode: .a100, requests: conversation, slo: objective(), order: .fcfs)

    @Test func replicas_ofBothPools_growWithTheRate() {
        var last = (0, 0)
        for rate in stride(from: 5.0, through: 200, by: 5) {
            guard let answer = split.replicas(rate: rate, dispersion: 1) else {
                Issue.record("\(rate) needs a number")
                return
            }
            #expect(answer.prefillReplicas + answer.decodeReplicas >= last.0 + last.1)
            last = (answer.prefillReplicas, answer.decodeReplicas)
            #expect(abs(answer.prefillAttainment * answer.decodeAttainment - 0.99) < 1e-12)
        }
        #expect(last.0 > 10 && last.1 > 10)
    }

    @Test func prefillPool_isSizedByPrefill_andDecodePoolByTokens() {
        // Prefill alone: 1,070 tokens at 63.1 us and 8 ms are 75 ms: at least 7.5 replicas at 100/s.
        let work = 63.1e-6 * conversationClasses.uncachedMean + 0.008
        guard let answer = split.replicas(rate: 100, dispersion: 1) else {
            Issue.record("it can be done")
            return
        }
        #expect(Double(answer.prefillReplicas) >= 100 * work)
        #expect(Double(answer.prefillReplicas) < 100 * work * 1.5 + 1)
    }

    @Test func hopelessDecoding_hasNoAnswer() {
        let hopeless = SplitServing(
            prefill: .a100, decode: .a100, requests: conversation, slo: objective(itl: 0.01), order: .fcfs)
        #expect(hopeless.replicas(rate: 1, dispersion: 1) == nil)
    }

    @Test func requestsOfOneToken_areNotDecoded() {
        let mixed = conversation + conversation.map(SplitServing.prefillOnly)
        let half = SplitServing(prefill: .a100, decode: .a100, requests: mixed, slo: objective(), order: .fcfs)
        let (all, some) = (split.replicas(rate: 100, dispersion: 1), half.replicas(rate: 100, dispersion: 1))
        #expect(abs(Double(some?.decodeReplicas ?? 0) / Double(all?.decodeReplicas ?? 1) - 0.5) < 0.12)
    }
}
