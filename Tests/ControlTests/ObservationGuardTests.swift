import Control
import Fleet
import Testing

/// What a policy sees, and what the machine does when there is nothing fresh to see.
struct ObservationGuardTests {
    /// Ready 3, one sample at `newest`, decisions at 10 s (for 3) and at 20 s (for `desired`).
    private func stage(
        newest: Double = 0, thenWanting desired: Int, delay: Duration = .zero, guards: ControlGuards = .holdOnBadData
    ) -> ControlStage {
        let rule: @Sendable (PolicyInput) -> Int = { $0.now.seconds > 15 ? desired : 3 }
        var stage = ControlStage(RulePolicy(observationDelay: .fixed(delay), rule: rule), ready: 3, guards: guards)
        stage.sample(at: newest)
        _ = stage.decide()
        return stage
    }

    @Test func policy_seesSamplesOnlyUpToItsDelay() {
        let policy = RulePolicy(
            observationDelay: .fixed(.seconds(4)), rule: { Int($0.samples.latest?.at.seconds ?? -1) })
        var stage = ControlStage(policy, ready: 1)
        for second in 0...10 { stage.sample(at: Double(second)) }
        #expect(stage.decide().record?.proposed == 6)
    }

    @Test func policy_seesTheFleetWithoutDelay() {
        let policy = RulePolicy(
            observationDelay: .fixed(.seconds(15)),
            rule: { $0.desired * 1000 + $0.ready * 100 + $0.starting * 10 + $0.draining })
        var stage = ControlStage(policy, ready: 3, bounds: ReplicaBounds(min: 0, max: 5))
        #expect(stage.decide().record?.proposed == 3300)
        stage.send(.outcome(.ready(ReplicaID(3))))
        #expect(stage.decide().record?.proposed == 5410)
    }

    @Test func hold_freshEnough_scalesDown() {
        var stage = stage(newest: 10, thenWanting: 1)
        let decision = stage.decide()
        #expect(decision.orders == [.drainOne, .drainOne])
        #expect(decision.record?.reason == .forecast)
    }

    @Test func hold_stale_doesNotScaleDownAndSaysWhy() {
        var stage = stage(newest: 9, thenWanting: 1)
        let held = stage.decide()
        #expect(held.orders == [])
        #expect(held.record?.proposed == 1)
        #expect(held.record?.desired == 3)
        #expect(held.record?.reason == .noData)
    }

    @Test func hold_freshAgain_letsGo() {
        var stage = stage(thenWanting: 1)
        #expect(stage.decide().orders == [])
        stage.sample(at: 25)
        #expect(stage.decide().orders == [.drainOne, .drainOne])
    }

    @Test func hold_stale_stillScalesUp() {
        var stage = stage(thenWanting: 5)
        let up = stage.decide()
        #expect(up.orders == [.start(ReplicaID(3)), .start(ReplicaID(4))])
        #expect(up.record?.reason == .noData)
    }

    @Test func hold_staleButOneLost_holdsWhatIsLeft() {
        var stage = stage(thenWanting: 1)
        stage.send(.outcome(.lost(ReplicaID(0))))
        let held = stage.decide()
        #expect(held.orders == [])
        #expect(held.record?.desired == 2)
    }

    @Test func hold_staleAndNothingSeenYet_keepsTheFleet() {
        var stage = ControlStage(
            RulePolicy(observationDelay: .fixed(.zero), rule: { _ in 0 }), ready: 2, guards: .holdOnBadData)
        #expect(stage.decide().orders == [])
        #expect(stage.machine.currentCount == 2)
    }

    /// The delay of a scraper is no fault: at 20 s, 15 s behind, a sample of 5 s is as fresh as it gets, and one of -5 s is
    /// just not stale yet.
    @Test(arguments: [(5.0, false), (-5, false), (-5.5, true)])
    func hold_measuresBeyondThePolicysOwnDelay(newest: Double, isHeld: Bool) {
        var stage = stage(newest: newest, thenWanting: 1, delay: .seconds(15))
        #expect(stage.decide().orders.isEmpty == isHeld)
    }

    @Test func peers_withoutGuards_scaleDownOnStaleData() {
        var stage = stage(thenWanting: 1, guards: [])
        let decision = stage.decide()
        #expect(decision.orders == [.drainOne, .drainOne])
        #expect(decision.record?.reason == .forecast)
    }
}
