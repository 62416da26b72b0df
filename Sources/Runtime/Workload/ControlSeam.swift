internal import Control
internal import Fleet

// Where the daemon meets Control's machine: making one, taking a fleet up, and what of it is remembered.

/// How far decisions are carried out.
package enum ControlMode: String, Hashable, Sendable, Codable, CaseIterable {
    case observe, advise, act
}

/// What people asked for.
package struct ControlOperation: Hashable, Sendable {
    package var mode: ControlMode
    package var isFrozen: Bool
    package init(mode: ControlMode, isFrozen: Bool = false) {
        self.mode = mode
        self.isFrozen = isFrozen
    }
    var label: String { isFrozen ? "frozen" : mode.rawValue }
}

/// What a machine remembers.
package struct ControlMemory: Hashable, Sendable, Codable {
    var desired: Int
}

/// Replicas with which a machine begins.
struct ControlFleet {
    var ready: [ReplicaID]
    var starting: [ReplicaID]
    var draining: [ReplicaID]
}

extension Operation {
    init(_ operation: ControlOperation) {
        self.init()
        mode = operation.mode.rawValue
        isFrozen = operation.isFrozen
    }
}

extension ControlMachine {
    init(_ plan: WorkloadPlan, operation: ControlOperation) {
        self.init(policy: plan.policy, workload: plan.workload, variant: plan.variant, guards: .holdOnBadData)
    }

    var memory: ControlMemory { ControlMemory(desired: desiredCount) }
    var isActing: Bool { true }
    var operation: ControlOperation { ControlOperation(mode: .act) }

    mutating func takeUp(_ fleet: ControlFleet, memory: ControlMemory?, at now: Instant) -> [ControlDirective] {
        on(.began(ready: fleet.ready, starting: fleet.starting, draining: fleet.draining), at: now)
    }

    mutating func operate(_ operation: ControlOperation, at now: Instant) -> [ControlDirective] { [] }
}
