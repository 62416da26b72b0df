package import Fleet

/// One decision as it is written to the history: what was wanted, why, and what was there.
package struct DecisionRecord: Hashable, Sendable, Codable {
    package var at: Instant
    /// What the policy asked for, before guards and bounds.
    package var proposed: Int
    /// What came of it; one allocation.
    package var plan: CapacityPlan
    /// Ready and starting, before the decision was acted on.
    package var current: Int
    package var ready: Int

    package init(at: Instant, proposed: Int, plan: CapacityPlan, current: Int, ready: Int) {
        precondition(plan.allocations.count == 1, "a decision is about one variant")
        self.at = at
        self.proposed = proposed
        self.plan = plan
        self.current = current
        self.ready = ready
    }

    /// After guards and bounds.
    package var desired: Int { plan.allocations[0].desired }
    /// The decisive reason.
    package var reason: PlanReason { reasons[0] }
    /// All of them, the decisive one first.
    package var reasons: [PlanReason] { plan.allocations[0].reasons }
}
