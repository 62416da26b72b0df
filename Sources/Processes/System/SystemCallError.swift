internal import Glibc

/// The operating system refused a call.
struct SystemCallError: Error, Hashable, CustomStringConvertible {
    /// What was attempted, for people: "bind to port 20000".
    let action: String
    /// `errno` after the call.
    let number: Int32

    init(_ action: String, number: Int32 = errno) {
        self.action = action
        self.number = number
    }

    var description: String { "cannot \(action): \(String(cString: strerror(number)))" }
}
