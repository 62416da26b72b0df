package import Fleet

/// One decision as it is written to the history: what was wanted, why, and what was there.
package struct DecisionRecord: Hashable, Sendable {
    package var at: Instant
    /// What the policy asked for, before bounds.
    package var proposed: Int
    /// After bounds.
    package var desired: Int
    /// Ready and starting, before the decision was acted on.
    package var current: Int
    package var ready: Int
    package var reason: PlanReason

    package init(at: Instant, proposed: Int, desired: Int, current: Int, ready: Int, reason: PlanReason) {
        self.at = at
        self.proposed = proposed
        self.desired = desired
        self.current = current
        self.ready = ready
        self.reason = reason
    }
}
