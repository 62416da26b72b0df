import Control
import Fleet
import Testing

struct ControlModeTests {
    private func stage(ready: Int = 2, _ rule: @escaping @Sendable (PolicyInput) -> Int = { _ in 4 }) -> ControlStage {
        ControlStage(RulePolicy(observationDelay: .fixed(.zero), rule: rule), ready: ready, guards: .reactive)
    }

    @Test func observe_recordsAndOrdersNothing() {
        var stage = stage()
        stage.send(.modeChanged(.observe))
        let decision = stage.decide()
        #expect(decision.orders == [])
        #expect(decision.record?.desired == 4)
        #expect(decision.record?.reasons == [.forecast, .observing])
        #expect(stage.counts == [4, 2, 2, 0, 0])
    }

    @Test func advise_saysWhatItWouldDo_whenThereIsSomething() throws {
        var stage = stage()
        stage.send(.modeChanged(.advise))
        stage.advance(to: 9)
        let timer = try #require(stage.timer)
        let directives = stage.machine.on(.timerFired(generation: timer.generation), at: timer.at)
        let record = try #require(directives.lazy.compactMap(\.decision).first)
        #expect(directives.contains(.advise(record)))
        #expect(directives.compactMap(Order.init) == [])
        var content = self.stage(ready: 4)
        content.send(.modeChanged(.advise))
        let quiet = try #require(content.timer)
        #expect(
            !content.machine.on(.timerFired(generation: quiet.generation), at: quiet.at).contains {
                if case .advise = $0 { true } else { false }
            })
    }

    /// A rule that doubles what it finds does not run away while nothing is done.
    @Test func observe_policyGoesOnFromWhatIsThere() {
        var stage = stage { $0.desired * 2 }
        stage.send(.modeChanged(.observe))
        for _ in 0..<3 { #expect(stage.decide().record?.desired == 4) }
    }

    @Test func act_afterObserve_carriesOutWhatIsWanted() {
        var stage = stage()
        stage.send(.modeChanged(.observe))
        _ = stage.decide()
        #expect(stage.send(.modeChanged(.act)).compactMap(Order.init).count == 2)
        #expect(stage.decide().orders == [])
    }

    @Test func freeze_stopsAllOrders_thawCarriesThemOut() {
        var stage = stage()
        stage.send(.frozen)
        #expect(stage.decide().record?.reasons == [.forecast, .frozen])
        stage.send(.outcome(.lost(ReplicaID(0))))
        #expect(stage.counts == [4, 1, 1, 0, 0])
        #expect(stage.send(.thawed).compactMap(Order.init).count == 3)
    }

    /// A start under way goes on, and is not given up at its deadline either.
    @Test func freeze_leavesStartsUnderWayAlone() {
        var stage = ControlStage(
            RulePolicy(observationDelay: .fixed(.zero), rule: { _ in 1 }), ready: 0, guards: .supervisedStarts)
        #expect(stage.advance(to: 10) == [.start(ReplicaID(0))])
        stage.send(.frozen)
        #expect(stage.advance(to: 500) == [])
        stage.send(.outcome(.ready(ReplicaID(0))))
        #expect(stage.counts == [1, 1, 1, 0, 0])
    }

    @Test func canary_isDecidedForAndNotActedOn() {
        var stage = stage()
        var workload = stage.machine.workload
        workload.isActedOn = false
        stage.send(.reconfigured(workload))
        #expect(stage.decide().record?.reasons == [.forecast, .notActedOn])
        workload.isActedOn = true
        #expect(stage.send(.reconfigured(workload)).compactMap(Order.init).count == 2)
    }

    @Test func bounds_changed_areAppliedAtOnce() {
        var stage = stage()
        _ = stage.decide()
        var workload = stage.machine.workload
        workload.bounds = ReplicaBounds(min: 0, max: 3)
        #expect(stage.send(.reconfigured(workload)).compactMap(Order.init) == [.cancel(ReplicaID(3))])
        #expect(stage.counts == [3, 3, 2, 1, 0])
    }

    /// Held for 10 s of need: one record when it grows, not one a second.
    @Test func withheldNeed_isRecordedWhenItGrows() {
        let policy = RulePolicy(
            observationDelay: .fixed(.zero), rule: { $0.desired }, need: { $0.samples.latest?.queuedRequests })
        var stage = ControlStage(policy, ready: 1, guards: .reactive)
        stage.send(.modeChanged(.observe))
        let records = [5, 5, 6, 5].enumerated().map { second, queued in
            stage.observe(at: Double(second + 1), queued: queued).compactMap(\.decision).count
        }
        #expect(records == [1, 0, 1, 0])
    }
}
