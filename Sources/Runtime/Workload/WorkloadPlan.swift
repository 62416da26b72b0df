package import Control
package import Fleet

/// How one workload is to be controlled: what the configuration says of it, in the Runtime's words.
package struct WorkloadPlan: Sendable {
    package var workload: Workload
    package var variant: VariantID
    /// Relative share of its replicas in weighted round robin, at least 1.
    package var weight: Int
    package var startUp: StartUpExpectation
    /// A drain that takes longer ends with the replica all the same.
    package var drainDeadline: Duration
    /// Servers that run already are watched and routed to; nothing is started or stopped, whatever was decided.
    package var isWatched: Bool
    package var policyName: String
    /// A fresh policy.
    package var policy: any ScalingPolicy
    /// What the policy was made of, as text: plans with the same text have the same policy. Nil is like nothing else.
    package var policyBasis: String?
    /// What protects around the policy.
    package var guards: ControlGuards

    package init(
        workload: Workload, variant: VariantID, weight: Int = 1,
        startUp: StartUpExpectation = StartUpExpectation(expected: .seconds(60), deadline: .seconds(600)),
        drainDeadline: Duration, isWatched: Bool = false,
        policyName: String, policy: any ScalingPolicy, policyBasis: String? = nil, guards: ControlGuards = .all
    ) {
        self.workload = workload
        self.variant = variant
        self.weight = weight
        self.startUp = startUp
        self.drainDeadline = drainDeadline
        self.isWatched = isWatched
        self.policyName = policyName
        self.policy = policy
        self.policyBasis = policyBasis
        self.guards = guards
    }

    package var id: WorkloadID { workload.id }

    /// Whether the other plan controls in the same way: then nothing has to begin anew.
    func isSame(as other: WorkloadPlan) -> Bool {
        policyBasis != nil && policyBasis == other.policyBasis && policyName == other.policyName
            && workload == other.workload && variant == other.variant && weight == other.weight
            && startUp == other.startUp && drainDeadline == other.drainDeadline && isWatched == other.isWatched
            && guards == other.guards
    }
}
