import Fleet
import Testing

@testable import Performance

/// The rules of a replica in worked numbers (reference plant, section 1).
struct BatchingReplicaTests {
    // MARK: Alone

    /// TTFT = 63.1 us x 1000 + 8 ms = 71.1 ms. m = 100: (14.14 ms + 92.8 us + 124.4 ns x 1001) x 100 = 1.43573244 s, and
    /// 124.4 ns x 100^2 / 2 = 0.622 ms more for the context that grows.
    @Test func alone_onTheReferencePlant_takesItsClosedForm() {
        let run = ReplicaRun(.reference8B, [.init(at: 0, prompt: 1000, output: 101)])
        #expect(agree(run.firstToken[0], 0.0711))
        #expect(agree(run.done[0], 0.0711 + 1.435_732_44 + 0.000_622))
        #expect(agree(run.busySeconds, run.done[0]))
        #expect(agree(run.sequenceSeconds, run.done[0] - 0.0711))
    }

    /// 40 of 1,000 prompt tokens uncached: the prefill is 40 ms + 20 ms, and the context is still the whole prompt.
    @Test func alone_mostlyCached_prefillsOnlyTheRestAndKeepsTheContext() {
        let run = ReplicaRun(.round(c2: 1e-6), [.init(at: 5, prompt: 1000, output: 11, uncached: 40)])
        #expect(agree(run.firstToken[0], 5.06))
        // (10 + 1 + 1.001) ms x 10 + 1e-6 x 100 / 2 = 120.01 ms + 0.05 ms.
        #expect(agree(run.done[0], 5.06 + 0.120_06))
    }

    @Test func oneOutputToken_isDoneAtTheFirst() {
        let run = ReplicaRun(.round(), [.init(at: 0, prompt: 80, output: 1)])
        #expect(agree(run.firstToken[0], 0.1))
        #expect(run.done[0] == run.firstToken[0])
        #expect(run.order == ["first 0"])
        #expect(run.sequenceSeconds == 0)
    }

    // MARK: Together

    /// Each prompt takes 100 ms; both have one token to give.
    @Test func prompts_together_areOneAfterTheOther() {
        let run = ReplicaRun(.round(), [.init(at: 0, prompt: 80, output: 1), .init(at: 0.01, prompt: 80, output: 1)])
        #expect(agree(run.firstToken[0], 0.1))
        #expect(agree(run.firstToken[1], 0.2))
    }

    /// The first decodes alone with 11 ms an iteration from 0.1 s on. At 0.21 s (10 iterations on) a prompt of 100 ms comes:
    /// it takes two iterations of 50 + 11 ms, so its first token is out at 0.332 s, and the first has 12 of its 20 behind it.
    /// The other 8 take 12 ms each, with two sequences: done at 0.428 s. The second's 8th of 10 is then out; two remain at
    /// 11 ms: 0.45 s.
    @Test func mixedIteration_slowsDecodingByItsChunk() {
        let run = ReplicaRun(
            .round(), [.init(at: 0, prompt: 80, output: 21), .init(at: 0.21, prompt: 80, output: 11)])
        #expect(agree(run.firstToken[1], 0.332))
        #expect(agree(run.done[0], 0.428))
        #expect(agree(run.done[1], 0.45))
        #expect(run.order == ["first 0", "first 1", "done 0", "done 1"])
    }

    /// The last chunk costs its share: 25 ms of work are half an iteration of 61 ms.
    @Test func mixedIteration_lastChunk_costsItsShare() {
        let run = ReplicaRun(
            .round(), [.init(at: 0, prompt: 80, output: 21), .init(at: 0.21, prompt: 5, output: 1)])
        #expect(agree(run.firstToken[1], 0.21 + 0.0305))
        // 10.5 iterations done; 9.5 at 11 ms remain.
        #expect(agree(run.done[0], 0.21 + 0.0305 + 0.1045))
    }

    /// The first has 2 iterations left when a prompt of exactly 2 chunks comes: both end at once, and the finish goes first.
    @Test func finish_atTheSameMomentAsAPrefill_winsTheTie() {
        let run = ReplicaRun(
            .round(prefill: (0.001, 0)), [.init(at: 0, prompt: 100, output: 3), .init(at: 0.1, prompt: 100, output: 3)])
        #expect(run.order.prefix(3) == ["first 0", "done 0", "first 1"])
        #expect(agree(run.done[0], 0.1 + 2 * 0.061))
        #expect(agree(run.firstToken[1], run.done[0]))
        #expect(agree(run.done[1], run.done[0] + 2 * 0.011))
    }

    @Test func prefill_leftAloneWhenTheLastOneFinishes_goesOnWithoutIterations() {
        // One iteration of 61 ms takes 50 ms off the 100; the other 50 run alone, at full speed.
        let run = ReplicaRun(
            .round(), [.init(at: 0, prompt: 80, output: 2), .init(at: 0.1, prompt: 80, output: 1)])
        #expect(agree(run.done[0], 0.161))
        #expect(agree(run.firstToken[1], 0.211))
    }

    @Test func busySeconds_leaveOutTheIdleOnes() {
        let run = ReplicaRun(.round(), [.init(at: 1, prompt: 80, output: 1), .init(at: 7, prompt: 80, output: 11)])
        #expect(agree(run.busySeconds, 0.1 + 0.1 + 0.11))
        #expect(agree(run.sequenceSeconds, 0.11))
    }

    // MARK: Waiting inside

    /// A batch of one: the second comes in when the first is done, at 0.1 + 0.11 s.
    @Test func batch_full_requestsWaitInside() {
        let run = ReplicaRun(
            .round(maxBatch: 1), [.init(at: 0, prompt: 80, output: 11), .init(at: 0.01, prompt: 80, output: 1)])
        #expect(agree(run.done[0], 0.21))
        #expect(agree(run.firstToken[1], 0.31))
        #expect(agree(run.busySeconds, 0.31))
    }

    /// 200 tokens: 91 are taken, 150 do not fit, and 20 behind them would but keep their place.
    @Test func memory_full_requestsWaitInsideInOrder() {
        let run = ReplicaRun(
            .round(kvTokens: 200),
            [
                .init(at: 0, prompt: 80, output: 11), .init(at: 0.01, prompt: 140, output: 10),
                .init(at: 0.02, prompt: 19, output: 1),
            ])
        #expect(agree(run.done[0], 0.21))
        #expect(agree(run.firstToken[1], 0.21 + 0.16))
        #expect(run.firstToken[2] > run.firstToken[1])
    }

    @Test func memory_idleReplica_takesARequestLargerThanIt() {
        let run = ReplicaRun(.round(kvTokens: 50), [.init(at: 0, prompt: 80, output: 1)])
        #expect(agree(run.firstToken[0], 0.1))
    }

    @Test func waiting_isCountedApartFromRunning() {
        var replica = BatchingReplica(profile: .round(maxBatch: 1), time: 0)
        replica.submit(.of(.init(at: 0, prompt: 80, output: 11), id: 0), at: 0)
        replica.submit(.of(.init(at: 0, prompt: 30, output: 1, uncached: 20), id: 1), at: 0)
        #expect(replica.runningCount == 1)
        #expect(replica.waitingCount == 1)
        #expect(replica.waitingPromptTokens == 30)
        #expect(replica.waitingUncachedTokens == 20)
        #expect(replica.prefillQueuedTokens == 80)
        #expect(replica.reservedTokens == 91)
    }

    @Test func contextTokens_betweenEvents_growWithTheClock() {
        var replica = BatchingReplica(profile: .round(), time: 0)
        replica.submit(.of(.init(at: 0, prompt: 80, output: 21), id: 0), at: 0)
        _ = replica.step()
        #expect(agree(replica.contextTokens(at: 0.1), 81))
        #expect(agree(replica.contextTokens(at: 0.155), 86))
        #expect(agree(replica.accounts(at: 0.155).busySeconds, 0.155))
        #expect(agree(replica.accounts(at: 0.155).sequenceSeconds, 0.055))
    }

    // MARK: Faults

    /// Half the speed from 0.05 s on: the 50 ms of prefill left take 100, and iterations 22 ms.
    @Test func setSpeed_half_doublesWhatIsLeft() {
        var replica = BatchingReplica(profile: .round(), time: 0)
        replica.submit(.of(.init(at: 0, prompt: 80, output: 11), id: 0), at: 0)
        replica.setSpeed(0.5, at: 0.05)
        #expect(agree(replica.nextTime, 0.15))
        _ = replica.step()
        #expect(agree(replica.nextTime, 0.15 + 0.22))
        // Five iterations on, at full speed again: five at 11 ms remain.
        replica.setSpeed(1, at: 0.26)
        #expect(agree(replica.nextTime, 0.26 + 0.055))
    }

    @Test func abandon_handsBackAllInOrderAndStartsAfresh() {
        var replica = BatchingReplica(profile: .round(maxBatch: 3), time: 0)
        for id in 0..<5 { replica.submit(.of(.init(at: 0, prompt: 80, output: 11), id: id), at: 0) }
        _ = replica.step()
        let left = replica.abandon(at: 0.12)
        #expect(left.beforeFirstToken.map(\.id) == [1, 2, 3, 4])
        #expect(left.afterFirstToken.map(\.id) == [0])
        #expect(replica.isIdle == true)
        #expect(replica.nextTime == .infinity)
        #expect(replica.reservedTokens == 0)
        #expect(agree(replica.accounts(at: 9).busySeconds, 0.12))
        replica.submit(.of(.init(at: 9, prompt: 80, output: 1), id: 9), at: 9)
        #expect(agree(replica.nextTime, 9.1))
    }
}
