/// Why a process of Tideway cannot begin.
package struct AssemblyError: Error, Hashable, CustomStringConvertible {
    /// What is wrong. Callers branch on it.
    package enum Code: String, Hashable, Sendable {
        case stateFolder = "state_folder"
        /// The configuration has errors.
        case configuration
        /// A server's address cannot be used.
        case server
        /// A supervised process ended at once, again and again.
        case supervision
    }

    package let code: Code
    /// For people: what is wrong, and what to do.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
