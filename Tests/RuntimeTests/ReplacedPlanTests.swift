import Control
import Fleet
import Foundation
import Testing

@testable import Runtime

/// A plan that takes another's place, as after a reload.
struct ReplacedPlanTests {
    /// Counts its decisions, and must not forget them.
    private struct Counter: ScalingPolicy {
        let name = "counter"
        var basis = "a"
        let observationDelay = ObservationDelay.fixed(.zero)
        var stateName: String { "counter of \(basis)" }
        var state = 0

        func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { now + .seconds(1) }

        mutating func decide(_ input: PolicyInput) -> ScalingDecision {
            state += 1
            return ScalingDecision(state, .scheduled)
        }
    }

    private func plan(_ policy: any ScalingPolicy, max: Int) -> WorkloadPlan {
        WorkloadPlan(
            workload: Workload(id: WorkloadID("chat"), bounds: ReplicaBounds(min: 0, max: max)),
            variant: VariantID("small"), drainDeadline: .seconds(30), policyName: "counter", policy: policy)
    }

    /// What is proposed at the third decision, if the plan was replaced after two.
    private func third(_ policy: any ScalingPolicy, max: Int) -> Int? {
        var controller = WorkloadController(plan(Counter(), max: 10), memory: ControlMemory())
        let operation = ControlOperation(mode: .act)
        var effects = controller.begin(known: [], running: [], operation: operation, at: Instant(seconds: 0))
        for second in 1...3 {
            if second == 3 {
                effects = controller.replace(plan(policy, max: max), operation: operation, at: Instant(seconds: 2.5))
            }
            guard let turn = Self.turn(in: effects) else { return nil }
            effects = controller.control(.timerFired(generation: turn), at: Instant(seconds: Double(second)))
        }
        return controller.lastDecision?.proposed
    }

    /// The generation of the decision that was scheduled last.
    private static func turn(in effects: [ControllerEffect]) -> Int? {
        effects.compactMap { effect in
            if case .schedule(.decision(_, let generation), _) = effect { generation } else { nil }
        }.last
    }

    @Test func replace_otherBounds_goesOnWithWhatThePolicyKnows() {
        #expect(third(Counter(), max: 20) == 3)
    }

    @Test func replace_policyOfAnotherBasis_beginsAnew() {
        #expect(third(Counter(basis: "b"), max: 10) == 1)
    }
}
