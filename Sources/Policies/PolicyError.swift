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
            known.first { $0.hasPrefix(name) } ?? known.min { editDistance(name, $0) < editDistance(name, $1) } ?? ""
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

/// Insertions, deletions and replacements that turn one word into the other (Levenshtein).
func editDistance(_ left: String, _ right: String) -> Int {
    let target = Array(right)
    var previous = Array(0...target.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for column in target.indices {
            let replaced = previous[column] + (letter == target[column] ? 0 : 1)
            current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
        }
        previous = current
    }
    return previous[target.count]
}
