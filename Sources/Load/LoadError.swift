/// Why a load run could not begin, for people: the thing, what was found, the remedy.
package struct LoadError: Error, Hashable, CustomStringConvertible {
    /// What code branches on; the message is for people.
    package enum Code: String, Hashable, Sendable {
        case invalidURL = "invalid_url"
        case unreachable
    }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
