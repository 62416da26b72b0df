import Configuration
import Testing

@testable import Gateway

/// When a replica gets requests, and when a request is tried again.
struct ReplicaHealthTests {
    /// The macro cannot call what changes its value.
    private func isTrue(_ condition: Bool, _ location: SourceLocation = #_sourceLocation) {
        #expect(condition, sourceLocation: location)
    }

    private func ejected(at now: Double = 0) -> ReplicaHealth {
        var health = ReplicaHealth(failureLimit: 3, ejectionTime: 10)
        for _ in 1...2 { isTrue(!health.onFailure(at: now)) }
        let isEjected = health.onFailure(at: now)
        #expect(isEjected)
        return health
    }

    @Test func failures_interrupted_doNotEject() {
        var health = ReplicaHealth(failureLimit: 3, ejectionTime: 10)
        for _ in 1...5 {
            for _ in 1...2 { isTrue(!health.onFailure(at: 0)) }
            health.onSuccess()
        }
        #expect(health.takesRequests)
    }

    @Test func ejection_over_letsOneProbeThrough() {
        var health = ejected()
        #expect(!health.takesRequests)
        isTrue(!health.onTick(at: 9.9))
        isTrue(health.onTick(at: 10))
        #expect(health.takesRequests)
        health.onDispatch()
        #expect(!health.takesRequests)
        health.onNothingLearned()
        #expect(health.takesRequests)
        health.onDispatch()
        health.onFirstByte()
        #expect(health.takesRequests && !health.isEjected)
        // One more failure before an answer to the end ejects again.
        isTrue(health.onFailure(at: 11))
    }

    @Test func probes_thatFail_doubleTheTimeUpToAMinute() {
        var health = ejected()
        var now = 10.0
        for seconds in [20.0, 40, 60, 60] {
            isTrue(health.onTick(at: now))
            health.onDispatch()
            isTrue(health.onFailure(at: now))
            isTrue(!health.onTick(at: now + seconds - 0.1))
            now += seconds
        }
    }

    @Test func budget_ofRetries_isAShareAndTenBesides() {
        var budget = RetryBudget(share: 0.2)
        for _ in 0..<100 { budget.countRequest(at: 5) }
        var taken = 0
        while budget.take(inFlight: 50, at: 6) { taken += 1 }
        // 10 + 0.2 × (100 + 50) = 40.
        #expect(taken == 40)
        isTrue(!budget.take(inFlight: 50, at: 14))
        // Requests and retries are forgotten after ten seconds.
        isTrue(budget.take(inFlight: 0, at: 17))
    }

    @Test func estimates_learnFromAnswers() {
        var estimates = TokenEstimates(answering(100))
        #expect(estimates.promptTokens(bodyBytes: 400) == 100)
        for _ in 0..<1000 { estimates.learn(bodyBytes: 600, promptTokens: 100, outputTokens: 20) }
        #expect(abs(estimates.bytesPerToken - 6) < 0.01)
        #expect(abs(estimates.outputTokens - 20) < 0.01)
        #expect(estimates.promptTokens(bodyBytes: 0) == 1)
    }

    private func answering(_ outputTokens: Int) -> ExpectedShape {
        var shape = ExpectedShape()
        shape.outputTokens = outputTokens
        return shape
    }

    @Test func estimates_answerWithoutCounts_isNoAnswerWithoutWork() {
        let estimates = TokenEstimates(answering(100))
        #expect(estimates.outputTokens(of: ExchangeOutcome(status: 200)) == 100)
        // An embedding: the engine says that nothing was generated.
        #expect(estimates.outputTokens(of: ExchangeOutcome(status: 200, statedPromptTokens: 7)) == 0)
        #expect(estimates.outputTokens(of: ExchangeOutcome(status: 200, outputTokens: 3)) == 3)
        #expect(estimates.outputTokens(of: ExchangeOutcome(status: 400)) == 0)
    }

    @Test func estimates_service_requestsAreAlike() {
        var estimates = TokenEstimates(.service(outputTokens: 2))
        for _ in 0..<100 { estimates.learn(bodyBytes: 600, promptTokens: nil, outputTokens: 50) }
        #expect(estimates.outputTokens(of: ExchangeOutcome(status: 200, outputTokens: 50)) == 2)
        #expect(estimates.outputTokens(of: ExchangeOutcome(status: 200)) == 2)
    }

    // Small bodies are mostly no prompt; the work is in the large ones.
    @Test func estimates_mixedSizes_addUp() {
        var estimates = TokenEstimates(answering(100))
        let requests = [(bytes: 200, tokens: 10), (bytes: 8160, tokens: 2000)]
        for _ in 0..<500 {
            for request in requests {
                estimates.learn(bodyBytes: request.bytes, promptTokens: request.tokens, outputTokens: 20)
            }
        }
        let told = requests.reduce(0) { $0 + estimates.promptTokens(bodyBytes: $1.bytes) }
        #expect(abs(told - 2010) < 20)
    }
}
