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
        let next = isFirst ? index { $0.at >= now } : index { $0.at > now }
        return next < steps.count ? steps[next].at : nil
    }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        let next = index { $0.at > input.now }
        return ScalingDecision(next > 0 ? steps[next - 1].desired : input.desired, .scheduled)
    }

    /// The first step of which something holds that holds of all later ones, by bisection; the number of steps if of none.
    private func index(_ holds: (Step) -> Bool) -> Int {
        var (low, high) = (0, steps.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(steps[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
