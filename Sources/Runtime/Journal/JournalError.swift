internal import Glibc

/// A state folder that cannot be used.
package struct JournalError: Error, Hashable, CustomStringConvertible {
    /// What is wrong. Callers branch on it.
    package enum Code: String, Hashable, Sendable {
        /// Another controller uses the folder.
        case locked
        /// The system refused.
        case system
    }

    package let code: Code
    /// For people: what is wrong, and what to do.
    package let description: String

    static func locked(_ path: String, holder: String?) -> JournalError {
        let who = holder.map { "the controller with process id \($0)" } ?? "another controller"
        return JournalError(
            code: .locked,
            description: "\(who) holds \(path); stop it first, or give this one another state folder")
    }

    static func system(_ action: String, _ path: String, number: Int32) -> JournalError {
        JournalError(
            code: .system,
            description: "cannot \(action) \(path): \(String(cString: strerror(number)));"
                + " the state folder must be writable and have room")
    }
}
