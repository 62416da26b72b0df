import Control
import Fleet
import Testing

struct SecondWriterTests {
    private func stage(_ guards: ControlGuards = .secondWriter) -> ControlStage {
        ControlStage(RulePolicy(observationDelay: .fixed(.zero), rule: { _ in 3 }), ready: 3, guards: guards)
    }

    private func listed(_ numbers: Int...) -> [Replica] { numbers.map { Replica(id: ReplicaID($0), state: .ready) } }

    /// Somebody stops a replica of ours three times, 20 s apart, and we start another each time.
    private func fight(_ stage: inout ControlStage) {
        for (second, list) in [
            (11.0, listed(1, 2)), (14, listed(1, 2)), (31, listed(1, 2)), (41, listed(2, 3)), (44, listed(2, 3)),
            (61, listed(2, 3)), (71, listed(3, 4)), (74, listed(3, 4)),
        ] {
            stage.observe(at: second, replicas: list)
            // What was ordered meanwhile becomes ready at once.
            for start in stage.machine.core.fleet.starting { stage.send(.outcome(.ready(start.id))) }
        }
    }

    @Test func oneContradiction_isFollowedAndMadeGood() {
        var stage = stage()
        _ = stage.decide()
        stage.observe(at: 11, replicas: listed(0, 1))
        #expect(stage.counts == [3, 3, 3, 0, 0])
        // It lasted 2 s: the list is right.
        stage.observe(at: 13, replicas: listed(0, 1))
        #expect(stage.counts == [3, 2, 2, 0, 0])
        #expect(stage.decide().orders == [.start(ReplicaID(3))])
    }

    @Test func thirdContradiction_stopsAllOrdersLoudly() {
        var stage = stage()
        fight(&stage)
        let held = stage.decide()
        #expect(held.orders == [])
        #expect(held.record?.reason == .secondWriter)
    }

    @Test func hold_endsAfterAQuietTime() {
        var stage = stage()
        fight(&stage)
        let missing = stage.machine.desiredCount - stage.machine.currentCount
        #expect(missing > 0)
        #expect(stage.advance(to: 373) == [])
        #expect(stage.advance(to: 380).count == missing)
    }

    @Test func hold_endsWithAThaw() {
        var stage = stage()
        fight(&stage)
        #expect(!stage.send(.thawed).compactMap(Order.init).isEmpty)
    }

    @Test func strangers_areContradictionsAndNotOurs() {
        var stage = stage()
        for (second, stranger) in [(11.0, 50), (14, 50), (20, 51), (23, 51), (30, 52), (33, 52)] {
            stage.observe(at: second, replicas: listed(0, 1, 2, stranger))
        }
        #expect(stage.counts == [3, 3, 3, 0, 0])
        #expect(stage.decide().record?.reason == .secondWriter)
    }

    /// A list that crossed with news is no contradiction.
    @Test func difference_goneAtTheNextLook_isNothing() {
        var stage = stage()
        for second in stride(from: 11.0, to: 60, by: 2) {
            stage.observe(at: second, replicas: listed(0, 1))
            stage.observe(at: second + 1, replicas: listed(0, 1, 2))
        }
        #expect(stage.counts == [3, 3, 3, 0, 0])
        #expect(stage.decide().record?.reason == .forecast)
    }

    @Test func drainByAnother_isTakenAsADrain() {
        var stage = stage()
        let list = listed(0, 1) + [Replica(id: ReplicaID(2), state: .draining)]
        stage.observe(at: 11, replicas: list)
        stage.observe(at: 13, replicas: list)
        #expect(stage.counts[4] == 1)
    }

    @Test func unguarded_listsAreNotLookedAt() {
        var stage = stage([])
        fight(&stage)
        #expect(stage.counts == [3, 3, 3, 0, 0])
    }
}
