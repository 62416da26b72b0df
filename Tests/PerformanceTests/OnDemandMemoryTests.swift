import Fleet
import Sampling
import Testing

@testable import Performance

/// Memory in blocks of 16 tokens, given out as contexts grow, and pre-emption of the last by recompute.
struct OnDemandMemoryTests {
    /// Four blocks, two prompts of 15 tokens. 0 is prefilled in 35 ms; 1 takes 0.7 iterations of 61 ms beside it, until
    /// 77.7 ms. Both hold two blocks then. After 15.3 iterations of 12 ms (0.2613 s) request 0 has 32 tokens and needs a third
    /// block: 1, admitted last, gives its own back. 0 has 23 of its 40 tokens to make, 11 ms each: 0.5143 s. Then 1 is
    /// computed again, 15 + 16.3 tokens in 51.3 ms, and makes the other 22.7: 0.5656 + 0.2497 s.
    @Test func memory_full_theLastAdmittedIsComputedAgain() {
        let run = ReplicaRun(
            .round(kvTokens: 64), [.init(at: 0, prompt: 15, output: 40), .init(at: 0, prompt: 15, output: 40)],
            memory: .onDemand)
        #expect(run.order == ["first 0", "first 1", "preempted 1", "done 0", "resumed 1", "done 1"])
        #expect(abs(run.firstToken[1] - 0.0777) < 1e-6)
        #expect(abs(run.done[0] - 0.5143) < 1e-6)
        #expect(abs(run.done[1] - 0.8153) < 1e-6)
    }

    /// The same two with memory reserved for whole answers: 55 + 55 tokens do not fit 64.
    @Test func memory_reserved_theSecondWaits() {
        let run = ReplicaRun(
            .round(kvTokens: 64), [.init(at: 0, prompt: 15, output: 40), .init(at: 0, prompt: 15, output: 40)])
        #expect(run.order == ["first 0", "done 0", "first 1", "done 1"])
    }

    @Test func memory_tooSmallForOne_letsItRunAlone() {
        let run = ReplicaRun(.round(kvTokens: 64), [.init(at: 0, prompt: 15, output: 101)], memory: .onDemand)
        #expect(run.order == ["first 0", "done 0"])
        #expect(agree(run.done[0], 0.035 + 1.1))
    }

    /// Three blocks: 0 grows into the third while the long prompt of 1 waits for two.
    @Test func prompt_withoutBlocks_waitsUntilSomebodyLeaves() {
        let run = ReplicaRun(
            .round(kvTokens: 48), [.init(at: 0, prompt: 15, output: 10), .init(at: 0.05, prompt: 20, output: 2)],
            memory: .onDemand)
        #expect(run.order == ["first 0", "done 0", "first 1", "done 1"])
    }

    @Test(arguments: UInt64(1)...6) func memory_ample_isAsReserved(seed: UInt64) {
        let requests = Self.requests(seed: seed)
        let reserved = ReplicaRun(.round(c2: 1e-6, maxBatch: 6), requests)
        let onDemand = ReplicaRun(.round(c2: 1e-6, maxBatch: 6), requests, memory: .onDemand)
        for index in requests.indices {
            #expect(abs(reserved.firstToken[index] - onDemand.firstToken[index]) < 1e-6, "seed \(seed)")
            #expect(abs(reserved.done[index] - onDemand.done[index]) < 1e-6, "seed \(seed)")
        }
    }

    /// Never more blocks than there are, everybody is served, first tokens come once, and pre-emptions really happen.
    @Test(arguments: UInt64(1)...12) func memory_short_keepsItsLimitAndServesAll(seed: UInt64) {
        let requests = Self.requests(seed: seed)
        let run = ReplicaRun(.round(c2: 1e-6, kvTokens: 900), requests, memory: .onDemand)
        #expect(run.overflows == 0, "seed \(seed)")
        #expect(run.done.allSatisfy { $0.isFinite }, "seed \(seed)")
        #expect(run.order.filter { $0.hasPrefix("first") }.count == requests.count, "seed \(seed)")
        #expect(run.order.contains { $0.hasPrefix("preempted") }, "seed \(seed)")
    }

    @Test func cancel_decodingRequest_freesItsBlocks() {
        var replica = BatchingReplica(profile: .round(kvTokens: 48), time: 0, memory: .onDemand)
        replica.submit(.of(.init(at: 0, prompt: 15, output: 10), id: 0), at: 0)
        replica.submit(.of(.init(at: 0, prompt: 20, output: 2), id: 1), at: 0)
        _ = replica.step()
        #expect(replica.waitingCount == 1)
        replica.cancel(0, at: 0.05)
        #expect(replica.waitingCount == 0)
        #expect(replica.usedBlocks(after: 0) == 2)
    }

    @Test func crash_preemptedRequest_hasHadItsFirstToken() {
        var replica = BatchingReplica(profile: .round(kvTokens: 64), time: 0, memory: .onDemand)
        for id in 0..<2 { replica.submit(.of(.init(at: 0, prompt: 15, output: 40), id: id), at: 0) }
        while replica.waitingCount == 0 || replica.decodingCount == 0 { _ = replica.step() }
        let lost = replica.abandon(at: replica.time)
        #expect(lost.beforeFirstToken.isEmpty)
        #expect(lost.afterFirstToken.map(\.id).sorted() == [0, 1])
    }

    private static func requests(seed: UInt64) -> [ReplicaRun.Request] {
        var generator = SeededGenerator(seed: seed)
        var time = 0.0
        return (0..<40).map { _ in
            time += generator.exponential(mean: 0.15)
            return .init(
                at: time, prompt: Int.random(in: 1...200, using: &generator),
                output: Int.random(in: 1...120, using: &generator))
        }
    }
}
