import Performance
import Routing
import Testing

@testable import Capacity

@Suite struct PrefillBesideTests {
    /// 1,000 prompt tokens are 71.1 ms of prefill, an iteration with prefill has 32.3 ms of it.
    private let model = TokenModel(
        profile: .a100,
        classes: RequestClasses(
            [RequestLengths(promptTokens: 1000, uncachedTokens: 1000, outputTokens: 11)], longPromptTokens: 4096),
        ttft: 1, itl: 0.04, order: .fcfs, pacing: nil)

    private func beside(rate: Double, replicas: Double, dispersion: Double = 1) throws -> PrefillBeside {
        let load = PoolLoad(rate: rate, replicas: replicas, dispersion: dispersion)
        return PrefillBeside(model, try #require(BatchState(model, load)))
    }

    private func answer(_ tokens: Double, size: Double = 1) -> RequestClasses.Answers {
        RequestClasses.Answers(share: 1, decodedTokens: tokens, relativeSize: size)
    }

    @Test func tail_isTheShareOfLongerPrefills() {
        let tail = PrefillTail([(0.5, 0.1), (0.2, 0.4), (0.3, 0.2)])
        #expect(abs(tail.share(above: 0.05) - 1) < 1e-12)
        #expect(abs(tail.share(above: 0.1) - 0.5) < 1e-12)
        #expect(abs(tail.share(above: 0.3) - 0.2) < 1e-12)
        #expect(tail.share(above: 0.4) == 0)
    }

    @Test func answers_areNeverSlowWhereEveryIterationMayHavePrefill() throws {
        // 7 + 32.3 < 40 ms; at 45 ms every answer is too slow without any prefill.
        let beside = try beside(rate: 5, replicas: 4)
        #expect(beside.slowShare(answer(10), iteration: 0.007) == 0)
        #expect(beside.slowShare(answer(10), iteration: 0.045) == 1)
    }

    @Test func shortAnswers_areSpared_asTheRouterTurnsToOtherReplicas() throws {
        // 20 ms an iteration: an answer of 3 tokens is too slow when 60 ms of prefill come, which one prompt has. One arrives on
        // every replica each 0.5 s, so chance would bring one into 0.12 s in a fifth of the cases.
        let alone = try beside(rate: 2, replicas: 1).slowShare(answer(3), iteration: 0.02)
        let pooled = try beside(rate: 2, replicas: 16).slowShare(answer(3), iteration: 0.02)
        #expect(alone < 0.2)
        #expect(pooled < 0.25 * alone)
    }

    @Test func smallRequests_seeTheNextPromptSooner() throws {
        let beside = try beside(rate: 4, replicas: 16)
        let small = beside.slowShare(answer(10, size: 0.2), iteration: 0.02)
        let large = beside.slowShare(answer(10, size: 2), iteration: 0.02)
        #expect(small > 2 * large)
    }

    @Test func bursts_andHigherRates_slowMoreAnswers() throws {
        for tokens in [5.0, 20, 100, 1000] {
            let usual = try beside(rate: 3, replicas: 8).slowShare(answer(tokens), iteration: 0.02)
            let more = try beside(rate: 5, replicas: 8).slowShare(answer(tokens), iteration: 0.02)
            #expect(more > usual, "\(tokens) tokens")
            let bursty = try beside(rate: 3, replicas: 8, dispersion: 20).slowShare(answer(tokens), iteration: 0.02)
            #expect(bursty > usual, "\(tokens) tokens")
        }
    }
}
