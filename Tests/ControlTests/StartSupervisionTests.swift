import Control
import Fleet
import Testing

/// Starts that fail, are refused, take too long; and what is learned from those that succeed.
struct StartSupervisionTests {
    private func stage(_ wanted: Int = 1, ready: Int = 0) -> ControlStage {
        ControlStage(
            RulePolicy(observationDelay: .fixed(.zero), rule: { _ in wanted }), ready: ready,
            guards: .supervisedStarts)
    }

    /// Fails each start as soon as it is ordered, and tells after how many seconds the next one is.
    private func waits(_ count: Int, _ outcome: (ReplicaID) -> ActionOutcome) -> [Double] {
        var stage = stage()
        var pending = stage.advance(to: 10)
        var waits: [Double] = []
        while waits.count < count, case .start(let id)? = pending.first {
            let failedAt = stage.now.seconds
            stage.send(.outcome(outcome(id)))
            pending = []
            while pending.isEmpty, let due = stage.timer { pending = stage.advance(to: due.at.seconds) }
            waits.append(stage.now.seconds - failedAt)
        }
        return waits
    }

    @Test func failedStarts_waitTwiceAsLongEachTime_aMinuteAtMost() {
        #expect(waits(8) { .startFailed($0) } == [1, 2, 4, 8, 16, 32, 60, 60])
    }

    @Test func refusedStarts_areAskedForAgain_tenSecondsApartAtMost() {
        #expect(waits(6) { .noCapacity($0) } == [1, 2, 4, 8, 10, 10])
    }

    @Test func failuresOfOneRound_countOnce() {
        var stage = stage(3)
        #expect(stage.advance(to: 10).count == 3)
        for number in 0...2 { stage.send(.outcome(.startFailed(ReplicaID(number)))) }
        #expect(stage.advance(to: 10.9) == [])
        #expect(stage.advance(to: 11).count == 3)
    }

    @Test(arguments: [
        (ActionOutcome.startFailed(ReplicaID(0)), PlanReason.startBackOff),
        (.noCapacity(ReplicaID(0)), .noCapacity),
    ])
    func waitingStarts_areNamed(outcome: ActionOutcome, reason: PlanReason) {
        var stage = stage()
        stage.advance(to: 19.5)
        stage.send(.outcome(outcome))
        let decision = stage.decide()
        #expect(decision.orders == [])
        #expect(decision.record?.reasons == [.forecast, reason])
    }

    @Test func waitingStarts_holdUpNothingElse() {
        let policy = RulePolicy(observationDelay: .fixed(.zero), rule: { $0.now.seconds > 15 ? 1 : 4 })
        var stage = ControlStage(policy, ready: 3, guards: .supervisedStarts)
        stage.advance(to: 19.5)
        stage.send(.outcome(.startFailed(ReplicaID(3))))
        #expect(stage.decide().orders == [.drainOne, .drainOne])
    }

    @Test func success_letsOthersStartAtOnce() {
        var stage = stage(2)
        stage.advance(to: 19.5)
        stage.send(.outcome(.startFailed(ReplicaID(0))))
        stage.send(.outcome(.ready(ReplicaID(1))))
        #expect(stage.decide().orders == [.start(ReplicaID(2))])
    }

    /// Ready at 20 s and crashed at once, again and again: not a start a second.
    @Test func crashRightAfterReady_countsAsAFailedStart() {
        var stage = stage()
        var id = 0
        var waits: [Double] = []
        stage.advance(to: 10)
        for _ in 0..<4 {
            stage.send(.outcome(.ready(ReplicaID(id))))
            stage.send(.outcome(.lost(ReplicaID(id))))
            let lostAt = stage.now.seconds
            while stage.machine.startingCount == 0, let due = stage.timer { stage.advance(to: due.at.seconds) }
            waits.append(stage.now.seconds - lostAt)
            id += 1
        }
        #expect(waits == [1, 2, 4, 8])
    }

    /// Ordered at 10 s with a deadline of 100 s: given up at 110 s, between two decisions or not, and ordered again 1 s later.
    @Test func overdueStart_isCancelledAndOrderedAgain() {
        var stage = stage()
        #expect(stage.advance(to: 10) == [.start(ReplicaID(0))])
        #expect(stage.advance(to: 109.9) == [])
        #expect(stage.advance(to: 110) == [.cancel(ReplicaID(0))])
        #expect(stage.advance(to: 110.9) == [])
        #expect(stage.advance(to: 111) == [.start(ReplicaID(1))])
        stage.send(.outcome(.stopped(ReplicaID(0))))
        #expect(stage.counts == [1, 1, 0, 1, 0])
    }

    @Test func start_laterThanNearlyAllBefore_isNamed() {
        var stage = stage()
        stage.advance(to: 10)
        stage.advance(to: 69)
        #expect(stage.decide().record?.reasons == [.forecast])
        #expect(stage.decide().record?.reasons == [.forecast, .startOverdue])
    }

    @Test func unguarded_failedStartIsOrderedAtTheNextTurn() {
        var stage = ControlStage(RulePolicy(observationDelay: .fixed(.zero), rule: { _ in 1 }), ready: 0)
        stage.advance(to: 10)
        stage.send(.outcome(.startFailed(ReplicaID(0))))
        #expect(stage.advance(to: 19.9) == [])
        #expect(stage.advance(to: 20) == [.start(ReplicaID(1))])
    }

    // MARK: Learning

    /// Expected 60 s, which is worth four starts. Every start takes 5 s: after the fifth that is the median.
    @Test func startUpTimes_areLearnedFromOrderToReady() {
        let policy = RulePolicy(observationDelay: .fixed(.zero), rule: { $0.current + 1 })
        var stage = ControlStage(policy, ready: 0)
        var medians: [Double] = []
        for number in 0..<6 {
            stage.advance(to: Double(number + 1) * 10)
            stage.advance(to: Double(number + 1) * 10 + 5)
            stage.send(.outcome(.ready(ReplicaID(number))))
            medians.append(stage.machine.core.startUpTimes.estimate.median.seconds)
        }
        #expect(medians == [60, 60, 60, 5, 5, 5])
        #expect(stage.machine.core.startUpTimes.estimate.p95.seconds == 60)
    }

    @Test func startUpTimes_areToldToThePolicy() {
        let policy = RulePolicy(observationDelay: .fixed(.zero), rule: { Int($0.startUp?.median.seconds ?? -1) })
        var stage = ControlStage(policy, ready: 0)
        #expect(stage.decide().record?.proposed == 60)
    }

    /// Ready before 40 starts of 5 s; the window of 32 holds 5 s alone, besides the four expected ones.
    @Test func startUpTimes_windowIsBounded() {
        let policy = RulePolicy(observationDelay: .fixed(.zero), rule: { $0.current + 1 })
        var stage = ControlStage(policy, ready: 0)
        for number in 0..<40 {
            stage.advance(to: Double(number + 1) * 10 + (number < 20 ? 9 : 5))
            stage.send(.outcome(.ready(ReplicaID(number))))
        }
        // 12 of 9 s, 20 of 5 s and 4 of 60 s: the 18th of 36 is 5 s, the 35th is 60 s.
        #expect(stage.machine.core.startUpTimes.estimate == StartUpEstimate(median: .seconds(5), p95: .seconds(60)))
    }

    @Test func adoptedStart_isNotMeasured() {
        var machine = ControlMachine.example(ScriptedPolicy([1]), guards: .supervisedStarts)
        _ = machine.on(.began(ready: [], starting: [ReplicaID(4)]), at: Instant(seconds: 0))
        _ = machine.on(.outcome(.ready(ReplicaID(4))), at: Instant(seconds: 1))
        #expect(machine.readyCount == 1)
        #expect(machine.core.startUpTimes == StartUpTimes(expected: .seconds(60)))
    }
}
