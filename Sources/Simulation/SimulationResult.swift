package import Control

/// All that a run gives back.
package struct SimulationResult: Sendable {
    package var outcome: SimulationOutcome
    /// A row at the start and one per change of desired, current or ready; those within a decision count as one.
    package var fleet: [FleetPoint]
    /// Every decision; empty unless asked for.
    package var decisions: [DecisionRecord]
    /// Empty unless asked for.
    package var timeline: [TimelinePoint]
    /// Seconds that the run took by the stopwatch it was given, metrics excluded; nil without one.
    package var simulateSeconds: Double?
}

/// The three replica counts from `time` on.
package struct FleetPoint: Hashable, Sendable {
    /// Seconds from time zero.
    package var time: Double
    package var desired: Int
    package var current: Int
    package var ready: Int

    package init(time: Double, desired: Int, current: Int, ready: Int) {
        self.time = time
        self.desired = desired
        self.current = current
        self.ready = ready
    }

    func hasSameCounts(as other: FleetPoint) -> Bool {
        (desired, current, ready) == (other.desired, other.current, other.ready)
    }
}
