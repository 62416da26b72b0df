import Control
import Fleet
import Testing

struct ControlMachineTests {
    private func replicas(_ numbers: ClosedRange<Int>) -> [ReplicaID] { numbers.map(ReplicaID.init) }

    // MARK: Timers

    @Test func began_asksForTheFirstDecisionAndNothingElse() {
        var machine = ControlMachine.example(ScriptedPolicy([3]))
        #expect(
            machine.on(.began(ready: replicas(0...1)), at: Instant(seconds: 5))
                == [.scheduleTimer(generation: 1, at: Instant(seconds: 5))])
        #expect(machine.readyCount == 2)
        #expect(machine.desiredCount == 2)
    }

    @Test func timer_fired_recordsThenOrdersThenAsksForTheNext() {
        var machine = ControlMachine.example(ScriptedPolicy([3, 3]))
        _ = machine.on(.began(ready: replicas(0...1)), at: Instant(seconds: 0))
        let now = Instant(seconds: 0)
        #expect(
            machine.on(.timerFired(generation: 1), at: now) == [
                .record(.example(at: now, proposed: 3, desired: 3, current: 2, ready: 2, reason: .load)),
                .start(ReplicaID(2), as: ActionID(0)),
                .scheduleTimer(generation: 2, at: Instant(seconds: 10)),
            ])
    }

    @Test func timer_ofAnOldGeneration_isIgnored() {
        var machine = ControlMachine.example(ScriptedPolicy([3, 5]))
        _ = machine.on(.began(ready: replicas(0...1)), at: Instant(seconds: 0))
        #expect(machine.on(.timerFired(generation: 0), at: Instant(seconds: 0)) == [])
        #expect(machine.on(.timerFired(generation: 2), at: Instant(seconds: 0)) == [])
        #expect(!machine.on(.timerFired(generation: 1), at: Instant(seconds: 0)).isEmpty)
        #expect(machine.on(.timerFired(generation: 1), at: Instant(seconds: 0)) == [])
        #expect(machine.desiredCount == 3)
    }

    @Test func policy_decidesNoMore_noTimerIsAskedFor() {
        var stage = ControlStage(ScriptedPolicy([2]), ready: 2)
        #expect(stage.decide().orders == [])
        #expect(stage.timer == nil)
    }

    // MARK: Orders

    @Test func scaleUp_startsNewReplicasInOrder() {
        var stage = ControlStage(ScriptedPolicy([5]), ready: 2)
        #expect(stage.decide().orders == replicas(2...4).map(Order.start))
        #expect(stage.counts == [5, 5, 2, 3, 0])
    }

    @Test func scaleUp_whileStarting_countsThoseUnderWay() {
        var stage = ControlStage(ScriptedPolicy([4, 4, 5]), ready: 2)
        #expect(stage.decide().orders.count == 2)
        #expect(stage.decide().orders == [])
        #expect(stage.decide().orders == [.start(ReplicaID(4))])
    }

    @Test func replicaIdentities_areNeverUsedAgain() {
        var stage = ControlStage(ScriptedPolicy([3, 2, 3]), ready: 2)
        #expect(stage.decide().orders == [.start(ReplicaID(2))])
        #expect(stage.decide().orders == [.cancel(ReplicaID(2))])
        #expect(stage.decide().orders == [.start(ReplicaID(3))])
    }

    @Test func identities_afterABeginningWithGaps_followTheHighest() {
        var machine = ControlMachine.example(ScriptedPolicy([3]))
        _ = machine.on(.began(ready: [ReplicaID(7), ReplicaID(2)]), at: Instant(seconds: 0))
        #expect(
            machine.on(.timerFired(generation: 1), at: Instant(seconds: 0)).compactMap(Order.init) == [
                .start(ReplicaID(8))
            ])
    }

    @Test func scaleDown_cancelsTheNewestStartFirstThenDrains() {
        var stage = ControlStage(ScriptedPolicy([5, 1]), ready: 3)
        _ = stage.decide()
        #expect(
            stage.decide().orders == [.cancel(ReplicaID(4)), .cancel(ReplicaID(3)), .drainOne, .drainOne])
        #expect(stage.counts == [1, 1, 1, 0, 2])
    }

    @Test func scaleDown_newestStartFirst_evenWhenAnOlderOneBecameReady() {
        var stage = ControlStage(ScriptedPolicy([4, 3]), ready: 1)
        #expect(stage.decide().orders.count == 3)
        stage.send(.outcome(.ready(ReplicaID(2))))
        #expect(stage.decide().orders == [.cancel(ReplicaID(3))])
    }

    // MARK: Bounds

    @Test func proposal_outsideBounds_isClampedAndBothAreRecorded() {
        var stage = ControlStage(ScriptedPolicy([50, 0]), ready: 2, bounds: ReplicaBounds(min: 1, max: 4))
        let up = stage.decide()
        #expect(up.orders.count == 2)
        #expect(up.record?.proposed == 50)
        #expect(up.record?.desired == 4)
        for number in 2...3 { stage.send(.outcome(.ready(ReplicaID(number)))) }
        let down = stage.decide()
        #expect(down.orders == [.drainOne, .drainOne, .drainOne])
        #expect(down.record?.desired == 1)
    }

    // MARK: Drains

    @Test func drain_withoutVictimYet_isNoLongerCurrent() {
        var stage = ControlStage(ScriptedPolicy([2, 2, 3]), ready: 3)
        #expect(stage.decide().orders == [.drainOne])
        #expect(stage.counts == [2, 2, 2, 0, 1])
        #expect(stage.decide().orders == [])
        stage.send(.outcome(.drainBegan(ReplicaID(1))))
        #expect(stage.counts == [2, 2, 2, 0, 1])
        // A draining replica cannot be revived: the third one is a new one.
        #expect(stage.decide().orders == [.start(ReplicaID(3))])
        stage.send(.outcome(.stopped(ReplicaID(1))))
        #expect(stage.counts == [3, 3, 2, 1, 0])
    }

    @Test func drain_refused_isOrderedAgainByTheNextDecision() {
        var stage = ControlStage(ScriptedPolicy([2, 2]), ready: 3)
        #expect(stage.decide().orders == [.drainOne])
        stage.send(.outcome(.drainRefused))
        #expect(stage.counts == [2, 3, 3, 0, 0])
        #expect(stage.decide().orders == [.drainOne])
        stage.send(.outcome(.drainRefused))
        stage.send(.outcome(.drainRefused))
        #expect(stage.counts == [2, 3, 3, 0, 0])
    }

    /// Ready 0 and 1, one drain order on its way, and then both crash: nothing is left that it could claim.
    @Test func drain_withoutVictimLeft_isForgotten() {
        var stage = ControlStage(ScriptedPolicy([1, 1, 1]), ready: 2)
        #expect(stage.decide().orders == [.drainOne])
        stage.send(.outcome(.lost(ReplicaID(0))))
        stage.send(.outcome(.lost(ReplicaID(1))))
        #expect(stage.counts == [1, 0, 0, 0, 0])
        #expect(stage.decide().orders == [.start(ReplicaID(2))])
        stage.send(.outcome(.ready(ReplicaID(2))))
        #expect(stage.decide().orders == [])
    }

    // MARK: News of the fleet

    @Test func startFailed_isOrderedAgainAtTheNextDecision() {
        var stage = ControlStage(ScriptedPolicy([3, 3]), ready: 2)
        #expect(stage.decide().orders == [.start(ReplicaID(2))])
        #expect(stage.send(.outcome(.startFailed(ReplicaID(2)))) == [])
        #expect(stage.counts == [3, 2, 2, 0, 0])
        #expect(stage.decide().orders == [.start(ReplicaID(3))])
    }

    @Test func replicaLost_isReplacedAtTheNextDecision() {
        var stage = ControlStage(ScriptedPolicy([2, 2]), ready: 2)
        _ = stage.decide()
        #expect(stage.send(.outcome(.lost(ReplicaID(0)))) == [])
        let replaced = stage.decide()
        #expect(replaced.orders == [.start(ReplicaID(2))])
        #expect(replaced.record?.current == 1)
    }

    @Test func replicaLost_whileStartingOrDraining_isGone() {
        var stage = ControlStage(ScriptedPolicy([3, 1]), ready: 2)
        _ = stage.decide()
        stage.send(.outcome(.lost(ReplicaID(2))))
        #expect(stage.counts == [3, 2, 2, 0, 0])
        #expect(stage.decide().orders == [.drainOne])
        stage.send(.outcome(.drainBegan(ReplicaID(1))))
        stage.send(.outcome(.lost(ReplicaID(1))))
        #expect(stage.counts == [1, 1, 1, 0, 0])
    }

    @Test func news_repeated_changesNothing() {
        var stage = ControlStage(ScriptedPolicy([4, 2]), ready: 2)
        _ = stage.decide()
        func sendTwice(_ event: ControlEvent, _ counts: [Int]) {
            for _ in 0..<2 { stage.send(event) }
            #expect(stage.counts == counts, "after \(event)")
        }
        sendTwice(.outcome(.ready(ReplicaID(2))), [4, 4, 3, 1, 0])
        sendTwice(.outcome(.startFailed(ReplicaID(3))), [4, 3, 3, 0, 0])
        #expect(stage.decide().orders == [.drainOne])
        sendTwice(.outcome(.drainBegan(ReplicaID(0))), [2, 2, 2, 0, 1])
        sendTwice(.outcome(.stopped(ReplicaID(0))), [2, 2, 2, 0, 0])
        sendTwice(.outcome(.lost(ReplicaID(1))), [2, 1, 1, 0, 0])
    }

    /// A replica that nobody ordered, or whose cancellation was confirmed, does not join by saying that it is ready.
    @Test func news_ofAStranger_changesNothing() {
        var stage = ControlStage(ScriptedPolicy([3, 2]), ready: 2)
        _ = stage.decide()
        #expect(stage.decide().orders == [.cancel(ReplicaID(2))])
        for event in [
            ControlEvent.outcome(.stopped(ReplicaID(2))), .outcome(.ready(ReplicaID(2))),
            .outcome(.drainBegan(ReplicaID(2))),
            .outcome(.ready(ReplicaID(99))), .outcome(.startFailed(ReplicaID(99))), .outcome(.lost(ReplicaID(99))),
        ] {
            stage.send(event)
            #expect(stage.counts == [2, 2, 2, 0, 0], "after \(event)")
        }
    }

    /// The cancellation came too late: the replica is there, and the next decision drains one.
    @Test func cancelledStart_readyAllTheSame_isCountedAndDrained() {
        var stage = ControlStage(ScriptedPolicy([3, 2, 2]), ready: 2)
        _ = stage.decide()
        #expect(stage.decide().orders == [.cancel(ReplicaID(2))])
        stage.send(.outcome(.ready(ReplicaID(2))))
        #expect(stage.counts == [2, 3, 3, 0, 0])
        #expect(stage.decide().orders == [.drainOne])
    }

    @Test func sampled_orNews_asksForNothing() {
        var stage = ControlStage(ScriptedPolicy([3, 3]), ready: 2)
        _ = stage.decide()
        #expect(stage.sample(at: 1) == [])
        #expect(stage.send(.outcome(.ready(ReplicaID(2)))) == [])
    }
}
