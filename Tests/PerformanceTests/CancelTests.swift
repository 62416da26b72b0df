import Testing

@testable import Performance

/// Iterations of 10 ms + 1 ms a sequence, prefill 1 ms a token + 20 ms, chunks of 50 ms.
@Suite struct CancelTests {
    private func sequence(_ id: UInt32, prompt: UInt32 = 80, output: UInt32 = 11) -> BatchingReplica.Sequence {
        BatchingReplica.Sequence(id: id, promptTokens: prompt, uncachedTokens: prompt, outputTokens: output, arrival: 0)
    }

    private func steps(_ replica: inout BatchingReplica) -> [(id: UInt32, time: Double)] {
        var steps: [(id: UInt32, time: Double)] = []
        while replica.nextTime < .infinity {
            switch replica.step() {
            case .firstToken(let sequence, _), .finished(let sequence), .preempted(let sequence),
                .resumed(let sequence):
                steps.append((sequence.id, replica.time))
            }
        }
        return steps
    }

    @Test func cancel_decodingSequence_leavesTheOthersFaster() {
        var replica = BatchingReplica(profile: .round(prefill: (0, 0)), time: 0)
        for id in [UInt32(1), 2] { replica.submit(sequence(id), at: 0) }
        for _ in 0..<2 { _ = replica.step() }
        // Two at once take 12 ms a token: after 60 ms both have 5 of their 10. Alone the other takes 11 ms.
        #expect(replica.cancel(1, at: 0.06)?.id == 1)
        #expect(replica.decodingCount == 1)
        #expect(replica.reservedTokens == 91)
        #expect(abs(replica.contextTokens(at: 0.06) - 86) < 1e-9)
        let rest = steps(&replica)
        #expect(rest.map(\.id) == [2])
        #expect(abs(rest[0].time - (0.06 + 5 * 0.011)) < 1e-9)
        #expect(replica.decodingCount + replica.prefillCount + replica.waitingCount == 0)
        #expect(replica.reservedTokens == 0)
    }

    @Test func cancel_promptAtTheHead_nextBeginsAtOnce() {
        var replica = BatchingReplica(profile: .round(), time: 0)
        for id in [UInt32(1), 2] { replica.submit(sequence(id, output: 1), at: 0) }
        replica.cancel(1, at: 0.03)
        #expect(replica.prefillHead?.id == 2)
        // 80 tokens of 1 ms and 20 ms.
        #expect(abs(replica.nextTime - 0.13) < 1e-9)
        #expect(steps(&replica).map(\.id) == [2])
    }

    @Test func cancel_promptBehindTheHead_changesNothingForTheHead() {
        var replica = BatchingReplica(profile: .round(), time: 0)
        for id in [UInt32(1), 2, 3] { replica.submit(sequence(id, output: 1), at: 0) }
        replica.cancel(2, at: 0.03)
        let rest = steps(&replica)
        #expect(rest.map(\.id) == [1, 3])
        #expect(abs(rest[0].time - 0.1) < 1e-9)
        #expect(abs(rest[1].time - 0.2) < 1e-9)
    }

    @Test func cancel_runningSequence_waitingOneComesIn() {
        var replica = BatchingReplica(profile: .round(maxBatch: 1), time: 0)
        for id in [UInt32(1), 2] { replica.submit(sequence(id, output: 1), at: 0) }
        #expect(replica.waitingCount == 1)
        replica.cancel(1, at: 0.05)
        #expect(replica.waitingCount == 0)
        #expect(abs(replica.nextTime - 0.15) < 1e-9)
    }

    @Test func cancel_waitingThatDoesNotFit_thoseBehindComeIn() {
        var replica = BatchingReplica(profile: .round(kvTokens: 200), time: 0)
        replica.submit(sequence(1), at: 0)
        replica.submit(sequence(2, prompt: 150), at: 0)
        replica.submit(sequence(3), at: 0)
        #expect(replica.waitingCount == 2)
        #expect(replica.cancel(2, at: 0.01)?.promptTokens == 150)
        #expect(replica.waitingCount == 0)
        #expect(replica.reservedTokens == 182)
        #expect(replica.cancel(2, at: 0.01) == nil)
    }

    @Test func cancel_everything_leavesAnIdleReplicaThatServesAgain() {
        var replica = BatchingReplica(profile: .round(c2: 1e-5, maxBatch: 2), time: 0)
        for id in UInt32(0)..<5 { replica.submit(sequence(id), at: 0) }
        _ = replica.step()
        for id in UInt32(0)..<5 { replica.cancel(id, at: replica.time) }
        #expect(replica.decodingCount + replica.prefillCount + replica.waitingCount == 0)
        #expect(replica.reservedTokens == 0)
        #expect(replica.prefillQueuedTokens + replica.waitingPromptTokens == 0)
        #expect(replica.nextTime == .infinity)
        let start = replica.time
        replica.submit(sequence(9, output: 1), at: start + 1)
        #expect(abs(replica.nextTime - (start + 1.1)) < 1e-9)
        #expect(abs(replica.accounts(at: start + 1).busySeconds - start) < 1e-9)
    }

    @Test func tokenClock_inTurn_countsTokens() {
        var replica = BatchingReplica(profile: .round(c2: 1e-5), time: 0)
        #expect(replica.time(ofTokenClock: 1) == .infinity)
        replica.submit(sequence(1), at: 0)
        _ = replica.step()
        let start = replica.tokenClock(at: replica.time)
        for token in 1...9 {
            let time = replica.time(ofTokenClock: start + Double(token))
            #expect(abs(replica.tokenClock(at: time) - start - Double(token)) < 1e-9)
            #expect(time < replica.nextTime)
        }
        #expect(abs(replica.time(ofTokenClock: start + 10) - replica.nextTime) < 1e-12)
    }
}
