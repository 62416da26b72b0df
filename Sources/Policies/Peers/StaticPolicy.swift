package import Control
package import Fleet

/// The same number of replicas always: one that is lost is replaced.
///
/// Sees nothing. Knob: the number of replicas is multiplied by it, rounded up.
package struct StaticPolicy: ScalingPolicy {
    package let name = "static"
    package let observationDelay = ObservationDelay.fixed(.zero)
    /// How many, always.
    package let replicas: Int

    /// - Parameter replicas: zero or more.
    package init(replicas: Int) {
        precondition(replicas >= 0, "a fleet is not negative")
        self.replicas = replicas
    }

    /// At once, and every 15 s: what is lost is replaced.
    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { isFirst ? now : now + .seconds(15) }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision { ScalingDecision(replicas, .scheduled) }
}
