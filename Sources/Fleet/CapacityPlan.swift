/// Which replicas should exist, and why.
package struct CapacityPlan: Hashable, Sendable, Codable {
    /// The instant of the newest sample that it rests on; nil when there was none.
    package var basedOn: Instant?
    /// Sorted by workload, then variant.
    package private(set) var allocations: [Allocation]

    package init(basedOn: Instant?, allocations: [Allocation]) {
        self.basedOn = basedOn
        self.allocations = allocations.sorted { ($0.workload, $0.variant) < ($1.workload, $1.variant) }
    }
}

/// How many replicas of one variant a plan wants.
package struct Allocation: Hashable, Sendable, Codable {
    package var workload: WorkloadID
    package var variant: VariantID
    package var desired: Int
    /// What bound it, the decisive one first; never empty.
    package var reasons: [PlanReason]

    /// - Parameters:
    ///   - workload: what is served.
    ///   - variant: how.
    ///   - desired: zero or more.
    ///   - reasons: the decisive one first; not empty.
    package init(workload: WorkloadID, variant: VariantID, desired: Int, reasons: [PlanReason]) {
        precondition(desired >= 0 && !reasons.isEmpty, "an allocation is a number with a reason")
        self.workload = workload
        self.variant = variant
        self.desired = desired
        self.reasons = reasons
    }
}

/// What bound a decision. The set is closed, so that it can label a metric.
package enum PlanReason: String, Hashable, Sendable, CaseIterable, Codable {
    /// The load seen asks for it.
    case load
    /// The load forecast asks for it.
    case forecast
    /// A burst is under way.
    case burst
    /// Traffic stopped all at once; such traffic returns as suddenly.
    case lull
    /// Kept, because it may be needed again before it could be started again, or because a window says so.
    case stabilised
    /// A rate limit of the policy cut the step.
    case rateLimited = "rate_limited"
    /// Nothing asks for a change.
    case steady
    /// Held, because there is no fresh measurement.
    case noData = "no_data"
    /// Given from outside.
    case scheduled
    /// The workload's bounds cut it.
    case bounds
    /// Requests wait, and nothing is ready or starting.
    case wake
    /// No request for so long that nothing need run.
    case idle
    /// Starts wait, because the last ones failed.
    case startBackOff = "start_back_off"
    /// Starts wait, because there was no room for the last ones.
    case noCapacity = "no_capacity"
    /// A start takes longer than nearly all before it.
    case startOverdue = "start_overdue"
    /// Somebody else starts or stops replicas: no orders until that ends.
    case secondWriter = "second_writer"
    /// No orders, because the mode is `observe`.
    case observing
    /// No orders, because the mode is `advise`.
    case advising
    /// No orders, because the kill switch is on.
    case frozen
    /// No orders, because this workload is not acted on.
    case notActedOn = "not_acted_on"
}
