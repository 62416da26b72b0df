/// What the caller knows about names in the file.
package struct ConfigurationNames: Sendable {
    /// Says what to do when a profile cannot be used, without a full stop; nil when it can. Paths are absolute.
    package var profileProblem: @Sendable (String) -> String?
    /// The same for policies.
    package var policyProblem: @Sendable (String) -> String?

    /// - Parameters:
    ///   - profileProblem: what to do about the profile of this name or path; nil when it is fine.
    ///   - policyProblem: what to do about the policy of this name; nil when it is fine.
    package init(
        profileProblem: @escaping @Sendable (String) -> String?, policyProblem: @escaping @Sendable (String) -> String?
    ) {
        self.profileProblem = profileProblem
        self.policyProblem = policyProblem
    }
}
