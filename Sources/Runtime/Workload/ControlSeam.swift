package import Control
internal import Fleet
internal import Foundation

// Where the daemon meets Control's machine: making one, putting it back where an earlier one was, what of it is kept.

/// What people asked for.
package struct ControlOperation: Hashable, Sendable {
    package var mode: ControlMode
    package var isFrozen: Bool

    /// - Parameters:
    ///   - mode: how far decisions go.
    ///   - isFrozen: whether the kill switch is on.
    package init(mode: ControlMode, isFrozen: Bool = false) {
        self.mode = mode
        self.isFrozen = isFrozen
    }
}

extension Operation {
    init(_ operation: ControlOperation) {
        self.init()
        mode = operation.mode.rawValue
        isFrozen = operation.isFrozen
    }
}

/// What a workload's earlier controller left: its orders and what it learned of starts in the journal, samples and the
/// policy's state in a file that is written now and then.
struct ControlMemory: Sendable {
    var core: ControlCore?
    /// A `ControlState` as JSON; nil or unreadable: the policy begins anew.
    var learned: [UInt8]?
}

extension ControlMachine {
    /// A machine as the plan says, that goes on from a memory.
    init(_ plan: WorkloadPlan, memory: ControlMemory) {
        self = Self.machine(plan, policy: plan.policy, memory)
    }

    private static func machine<Policy: ScalingPolicy>(
        _ plan: WorkloadPlan, policy: Policy, _ memory: ControlMemory
    ) -> ControlMachine {
        guard let state = memory.state(of: Policy.self) else {
            return ControlMachine(
                policy: policy, workload: plan.workload, variant: plan.variant, guards: plan.guards,
                startUp: plan.startUp)
        }
        return ControlMachine(
            restoring: state, policy: policy, workload: plan.workload, variant: plan.variant, guards: plan.guards,
            startUp: plan.startUp)
    }

    /// Everything worth keeping, as JSON.
    var learned: [UInt8] {
        do {
            return [UInt8](try JSONEncoder().encode(state))
        } catch {
            preconditionFailure("a state that has no JSON: \(error)")
        }
    }

    /// What it leaves to a machine that takes its place.
    var memory: ControlMemory { ControlMemory(core: core, learned: learned) }

    /// Brings the machine to the mode that people asked for. Orders that follow from it are left to what comes next: when the
    /// machine takes its fleet up, it orders what is missing.
    mutating func prepare(_ operation: ControlOperation, at now: Instant) {
        if core.mode != operation.mode { _ = on(.modeChanged(operation.mode), at: now) }
        if core.isFrozen != operation.isFrozen { _ = on(operation.isFrozen ? .frozen : .thawed, at: now) }
    }

    /// Changes the mode of a machine at work.
    mutating func operate(_ operation: ControlOperation, at now: Instant) -> [ControlDirective] {
        var directives: [ControlDirective] = []
        if core.isFrozen != operation.isFrozen { directives += on(operation.isFrozen ? .frozen : .thawed, at: now) }
        if core.mode != operation.mode { directives += on(.modeChanged(operation.mode), at: now) }
        return directives
    }

    /// Whether people let it give orders.
    var isLetAct: Bool { core.mode == .act && !core.isFrozen && workload.isActedOn }
}

/// The part of a `ControlState` that does not depend on the policy.
private struct ControlStateWithoutPolicy: Codable {
    var core: ControlCore
    var samples: SampleHistory
    var policyName: String
}

extension ControlMemory {
    fileprivate func state<Policy: ScalingPolicy>(of policy: Policy.Type) -> ControlState<Policy.State>? {
        let decoder = JSONDecoder()
        var state = learned.flatMap { try? decoder.decode(ControlState<Policy.State>.self, from: Data($0)) }
        guard let core else { return state }
        if state == nil {
            // Of another kind of policy: the samples are as good to this one.
            let bare =
                learned.flatMap { try? decoder.decode(ControlStateWithoutPolicy.self, from: Data($0)) }
                ?? ControlStateWithoutPolicy(core: core, samples: SampleHistory(), policyName: "")
            state = (try? JSONEncoder().encode(bare)).flatMap {
                try? decoder.decode(ControlState<Policy.State>.self, from: $0)
            }
        }
        // The journal is the newer of the two.
        state?.core = core
        return state
    }
}
