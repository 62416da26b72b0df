package import Control
package import Fleet
package import Foundation
internal import Synchronization

/// Carries out what the controller wants. Orders are idempotent by their `ActionID`; outcomes come back as events.
package protocol ControlActuator: Sendable {
    /// Carries one directive out, or begins to. Must not call back into the driver before it returns.
    func carryOut(_ directive: ControlDirective, at now: Instant)
}

/// The daemon's shell around the controller: takes the lock, asks, releases, acts.
package final class ControlDriver: Sendable {
    private let machine: Mutex<ControlMachine>
    private let actuator: any ControlActuator

    package init(_ machine: ControlMachine, actuator: any ControlActuator) {
        self.machine = Mutex(machine)
        self.actuator = actuator
    }

    /// Hands the controller an event and carries out its directives in order.
    package func receive(_ event: ControlEvent, at now: Instant) {
        let directives = machine.withLock { $0.on(event, at: now) }
        for directive in directives { actuator.carryOut(directive, at: now) }
    }

    /// The controller as it is now, for showing.
    package var snapshot: ControlMachine { machine.withLock { $0 } }

    /// All that must survive a restart, as JSON.
    ///
    /// - Returns: what `restoring` takes.
    /// - Throws: nothing in practice: the state has no value that JSON cannot hold.
    package func savedState() throws -> Data { try JSONEncoder().encode(snapshot.state) }

    /// The machine that wrote a state, with a fresh policy of the same settings.
    ///
    /// - Parameters:
    ///   - saved: by `savedState`.
    ///   - policy: what another policy remembered is left aside; fleet, orders and learned times go on all the same.
    ///   - workload: as it is configured now.
    ///   - variant: of the replicas.
    ///   - guards: protections around the policy.
    ///   - startUp: what is known of starts before any was seen.
    /// - Returns: the machine; give it `began` with the fleet that was found.
    /// - Throws: `DecodingError` when the state is damaged.
    package static func machine(
        restoring saved: Data, policy: any ScalingPolicy, workload: Workload, variant: VariantID,
        guards: ControlGuards, startUp: StartUpExpectation
    ) throws -> ControlMachine {
        func restore<Policy: ScalingPolicy>(_ policy: Policy) throws -> ControlMachine {
            let state = try JSONDecoder().decode(ControlState<Policy.State>.self, from: saved)
            return ControlMachine(
                restoring: state, policy: policy, workload: workload, variant: variant, guards: guards,
                startUp: startUp)
        }
        return try restore(policy)
    }
}
