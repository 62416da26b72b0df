/// What the caller knows about names in the file.
package struct ConfigurationNames: Sendable {
    /// Says what to do when a profile cannot be used, without a full stop; nil when it can. Paths are absolute.
    package var profileProblem: @Sendable (String) -> String?
    /// The same for policies.
    package var policyProblem: @Sendable (String) -> String?
    /// Lengths that every request has by a profile, as that of a service has; nil where they are for users to say.
    package var fixedShape: @Sendable (String) -> ExpectedShape?
    /// Why no request of the expected lengths can keep the workload's objective on its profile, even alone; nil when one can.
    package var objectiveProblem: @Sendable (WorkloadSettings, VariantSettings) -> String?

    /// - Parameters:
    ///   - profileProblem: what to do about the profile of this name or path; nil when it is fine.
    ///   - policyProblem: what to do about the policy of this name; nil when it is fine.
    ///   - fixedShape: lengths that the profile of this name or path gives every request.
    ///   - objectiveProblem: why no request can keep an objective; nil when one can, or when nobody knows.
    package init(
        profileProblem: @escaping @Sendable (String) -> String?, policyProblem: @escaping @Sendable (String) -> String?,
        fixedShape: @escaping @Sendable (String) -> ExpectedShape? = { _ in nil },
        objectiveProblem: @escaping @Sendable (WorkloadSettings, VariantSettings) -> String? = { _, _ in nil }
    ) {
        self.profileProblem = profileProblem
        self.policyProblem = policyProblem
        self.fixedShape = fixedShape
        self.objectiveProblem = objectiveProblem
    }
}
