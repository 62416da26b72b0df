/// Why processes cannot be managed from a state folder.
package struct ProcessesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stable: "state-folder", "state-folder-in-use".
    package let code: String
    /// For people, with the remedy.
    package let message: String

    package var description: String { message }
}
