package import Control
package import Fleet

/// A schedule that was made elsewhere: a number of replicas from each of its instants on.
///
/// Sees nothing, has no knob.
package struct SchedulePolicy: ScalingPolicy {
    /// From `at` on there should be `desired` replicas.
    package struct Step: Hashable, Sendable {
        package var at: Instant
        package var desired: Int

        /// - Parameters:
        ///   - at: when it takes effect.
        ///   - desired: zero or more.
        package init(at: Instant, desired: Int) {
            self.at = at
            self.desired = desired
        }
    }

    package let name = "schedule"
    package let observationDelay = ObservationDelay.fixed(.zero)
    private let steps: [Step]

    /// - Parameter steps: by rising instants; of equal ones the last counts.
    package init(steps: [Step]) {
        precondition(zip(steps, steps.dropFirst()).allSatisfy { $0.at <= $1.at }, "a schedule is in the order of time")
        self.steps = steps
    }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? {
        steps.first { isFirst ? $0.at >= now : $0.at > now }?.at
    }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        let step = steps.last { $0.at <= input.now }
        return ScalingDecision(step?.desired ?? input.desired, .scheduled)
    }
}
