import Control
import Fleet
import Testing

/// Idle for 300 s is long enough, where the bounds allow zero.
struct IdleToZeroTests {
    private func stage(wanting desired: Int, bounds: ReplicaBounds = ReplicaBounds(min: 0, max: 9)) -> ControlStage {
        ControlStage(
            RulePolicy(observationDelay: .fixed(.zero), rule: { _ in desired }), ready: 1, bounds: bounds,
            guards: [.idleToZero, .holdOnBadData])
    }

    @Test func idle_keepsOneUntilTheTimeIsOver() {
        var stage = stage(wanting: 0)
        stage.observe(at: 5, arrived: 1, running: 1)
        stage.observe(at: 6, arrived: 1)
        stage.observe(at: 299, arrived: 1)
        #expect(stage.advance(to: 300) == [])
        stage.observe(at: 305, arrived: 1)
        #expect(stage.advance(to: 310) == [.drainOne])
    }

    @Test func idle_endsWhateverThePolicyWants_andSaysWhy() {
        var stage = stage(wanting: 2)
        stage.observe(at: 5, arrived: 1)
        stage.observe(at: 309, arrived: 1)
        let decision = stage.decide()
        #expect(decision.record?.reasons == [.idle, .forecast])
        #expect(decision.record?.desired == 0)
    }

    /// A request that came and went between two looks shows in the counter alone.
    @Test func idle_countsFromTheLastRequest() {
        var stage = stage(wanting: 0)
        stage.observe(at: 5, arrived: 1)
        stage.observe(at: 200, arrived: 2)
        stage.observe(at: 459, arrived: 2)
        #expect(stage.advance(to: 460) == [])
        stage.observe(at: 501, arrived: 2)
        #expect(stage.advance(to: 510) == [.drainOne])
    }

    @Test func idle_withoutFreshData_isNotBelieved() {
        var stage = stage(wanting: 0)
        stage.observe(at: 5, arrived: 1)
        #expect(stage.advance(to: 1000) == [])
    }

    @Test func boundsForbidZero_staysUp() {
        var stage = stage(wanting: 1, bounds: ReplicaBounds(min: 1, max: 9))
        stage.observe(at: 5, arrived: 1)
        stage.observe(at: 609, arrived: 1)
        #expect(stage.advance(to: 610) == [])
    }
}
