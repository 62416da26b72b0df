import Configuration
import Fleet
import Link
import Routing
import Testing

@testable import Gateway

struct EnginePaceTests {
    private var admission: WorkloadAdmission {
        var limits = AdmissionLimits(maxBatch: 8, kvTokens: 1 << 20, backlogSeconds: 1)
        limits.pace = ReplicaPace(
            base: 0.01, perRequest: 0.001, perToken: 0, prefill: 0.03, tokenSeconds: 0.05, debtSeconds: 0.1)
        var admission = WorkloadAdmission(limits: limits, prefillSeconds: { _ in 0 })
        admission.pacing = .init(limits: limits, firstTokenLimit: { _ in 1 })
        return admission
    }

    private func fleet(_ times: EngineTimes?) -> FleetUpdate {
        FleetUpdate(workload: "chat", replicas: [], engineTimes: times)
    }

    @Test func fleet_engineTimes_setThePaceUntilOthersAreTold() {
        var settings = WorkloadSettings(id: WorkloadID("chat"))
        settings.routing.order = .slo
        var state = WorkloadState(settings: settings, admission: admission)
        var effects = RoutingEffects()
        state.apply(fleet(EngineTimes(fixed: 1.5, sequences: 2, prefill: 1.25)), at: 0, effects: &effects)
        #expect(state.pace.base == 0.015 && state.pace.perRequest == 0.002 && state.pace.prefillFactor == 1.25)
        state.reconfigure(settings, admission: admission, at: 1, effects: &effects)
        #expect(state.pace.base == 0.015)
        state.apply(fleet(EngineTimes(fixed: -1)), at: 2, effects: &effects)
        #expect(state.pace == admission.pacing?.limits.pace)
        state.apply(fleet(EngineTimes(fixed: 1.5)), at: 3, effects: &effects)
        state.apply(fleet(nil), at: 4, effects: &effects)
        #expect(state.pace == admission.pacing?.limits.pace)
    }

    @Test func fleet_firstComeFirstServed_hasNoPace() {
        let settings = WorkloadSettings(id: WorkloadID("chat"))
        var state = WorkloadState(settings: settings, admission: admission)
        var effects = RoutingEffects()
        let before = state.dispatcher.table.limits
        state.apply(fleet(EngineTimes(fixed: 1.5)), at: 0, effects: &effects)
        #expect(state.dispatcher.table.limits == before)
    }
}

extension WorkloadState {
    fileprivate var pace: ReplicaPace { dispatcher.table.limits.pace }
}
