package import Control
package import Fleet
internal import Synchronization

/// Carries out what the controller wants. Orders are idempotent by their replica's identity; outcomes come back as events.
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
}
