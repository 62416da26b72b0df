import Control
import Fleet
import Simulation
import Testing

@Suite struct FaultTests {
    /// Two requests on one replica: 100 ms of prefill each, then the first decodes 100 tokens of 10 ms.
    private let pair = SmallPlant.trace([(0, 100, 101), (5, 100, 101), (60, 1, 1)])

    @Test func crash_afterFirstToken_failsTheRequestAndOthersAreServedElsewhere() {
        let result = SmallPlant.run(pair) {
            $0.initialReady = 2
            $0.faults = [.crash(ReplicaID(0), at: 0.5)]
        }
        #expect(result.outcome.failed == 1)
        #expect(result.outcome.good == 2)
        #expect(result.outcome.unfinished == 0)
    }

    @Test func crash_beforeFirstToken_isRetriedElsewhere() {
        let result = SmallPlant.run(pair) {
            $0.initialReady = 2
            $0.faults = [.crash(ReplicaID(0), at: 0.05)]
        }
        #expect(result.outcome.failed == 0)
        #expect(result.outcome.good == 3)
        // Prefilled anew from 0.05 s on: the first token comes 0.15 s after the arrival.
        #expect(abs(result.outcome.ttft.p99 - 0.15) < 1e-6)
    }

    @Test func crash_endsTheBillAndTheControllerOrdersAgain() {
        let result = SmallPlant.run(pair, steps: [(20, 2)]) {
            $0.initialReady = 2
            $0.faults = [.crash(ReplicaID(0), at: 10)]
        }
        // 60 s of the survivor, 10 s of the lost one, 40 s of its successor, ordered at 20 s.
        #expect(abs(result.outcome.billedSeconds - 110) < 1e-6)
        #expect(result.outcome.starts == 1)
    }

    @Test func crash_onlyReplica_requestsWaitForTheNext() {
        let result = SmallPlant.run(pair, steps: [(1, 1)]) { $0.faults = [.crash(ReplicaID(0), at: 0.05)] }
        // Ordered at 1 s, ready at 11 s, prefilled at 11.1 s.
        #expect(abs(result.outcome.ttft.p99 - 11.1) < 1e-6)
        #expect(result.outcome.unfinished == 0)
    }

    @Test func slowReplica_takesLongerOnlyInBetween() {
        let trace = SmallPlant.trace([(0, 100, 1), (10, 100, 1), (30, 100, 1)])
        let result = SmallPlant.run(trace) {
            $0.faults = [.slow(ReplicaID(0), factor: 0.5, from: 5, until: 20)]
        }
        #expect(abs(result.outcome.ttft.p50 - 0.1) < 1e-6)
        #expect(abs(result.outcome.ttft.p99 - 0.2) < 1e-6)
    }

    @Test func slowReplica_startingWhenItBegins_isSlowOnceReadyAndNormalAfter() {
        // Ready at 15 s, slow until 40 s: 0.2 s of prefill in place of 0.1; normal again at 50 s.
        let trace = SmallPlant.trace([(20, 100, 1), (50, 100, 1), (60, 1, 1)])
        let result = SmallPlant.run(trace, steps: [(5, 2)]) {
            $0.faults = [.crash(ReplicaID(0), at: 1), .slow(ReplicaID(1), factor: 0.5, from: 8, until: 40)]
        }
        #expect(abs(result.outcome.ttft.p99 - 0.2) < 1e-6)
        #expect(abs(result.outcome.ttft.p50 - 0.1) < 1e-6)
    }

    @Test func slowFleet_slowsThoseThatRunAndThoseThatStart() {
        // As above, and the replica that stands for the crashed one takes over the fleet's speed, and its own beside it.
        let trace = SmallPlant.trace([(0, 100, 1), (20, 100, 1), (50, 100, 1)])
        let result = SmallPlant.run(trace, steps: [(5, 2)]) {
            $0.faults = [
                .slow(nil, factor: 0.5, from: 0, until: 40), .crash(ReplicaID(0), at: 1),
                .slow(ReplicaID(1), factor: 0.5, from: 8, until: 30),
            ]
        }
        #expect(abs(result.outcome.ttft.p50 - 0.2) < 1e-6)
        #expect(abs(result.outcome.ttft.p99 - 0.4) < 1e-6)
    }

    @Test func failedStart_isBilledUntilItFailsAndOrderedAgain() {
        let result = SmallPlant.run(pair, steps: [(10, 2), (30, 2)]) { $0.faults = [.failedStart(ordinal: 0)] }
        // 60 s of the first, 10 s of the failed start, 30 s of the second one, of which 10 s are start-up.
        #expect(abs(result.outcome.billedSeconds - 100) < 1e-6)
        #expect(abs(result.outcome.startUpSeconds - 20) < 1e-6)
        #expect(result.outcome.starts == 2)
    }

    @Test func metricsLost_guardHoldsScaleDown_withoutGuardItHappens() {
        let lost = [Fault.metricsLost(from: 5, until: 40)]
        let held = SmallPlant.run(pair, steps: [(30, 1), (50, 1)], guards: [.holdOnBadData]) {
            $0.initialReady = 2
            $0.faults = lost
        }
        #expect(held.decisions.map(\.desired) == [2, 1])
        #expect(held.decisions[0].reason == .noData)
        let unguarded = SmallPlant.run(pair, steps: [(30, 1), (50, 1)]) {
            $0.initialReady = 2
            $0.faults = lost
        }
        #expect(unguarded.decisions.map(\.desired) == [1, 1])
    }

    @Test func metricsLate_areStaleUntilTheyArrive() {
        let late = SmallPlant.run(pair, steps: [(30, 1), (55, 1)], guards: [.holdOnBadData]) {
            $0.initialReady = 2
            $0.faults = [.metricsLate(by: 20, from: 5, until: 45)]
        }
        #expect(late.decisions.map(\.reason) == [.noData, .scheduled])
    }
}
