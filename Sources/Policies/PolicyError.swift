internal import Fleet

/// A policy that cannot be made.
package struct PolicyError: Error, Hashable, CustomStringConvertible {
    /// What is wrong. Callers branch on it.
    package enum Code: String, Hashable, Sendable {
        /// No policy has that name.
        case unknownPolicy = "unknown_policy"
        /// `static` without the number of its replicas.
        case missingStaticReplicas = "missing_static_replicas"
    }

    package let code: Code
    /// For people: what is wrong, and what to do.
    package let description: String

    package static func unknown(_ name: String, known: [String]) -> PolicyError {
        let nearest =
            known.first { $0.hasPrefix(name) }
            ?? known.min { NearestName.distance(Array(name), Array($0)) < NearestName.distance(Array(name), Array($1)) }
            ?? ""
        return PolicyError(
            code: .unknownPolicy,
            description: "there is no policy '\(name)'; did you mean '\(nearest)'? Policies: "
                + known.joined(separator: ", "))
    }

    static let missingStaticReplicas = PolicyError(
        code: .missingStaticReplicas,
        description: "the policy 'static' needs the number of its replicas (staticReplicas); "
            + "find the smallest fleet that reaches the target first")
}
