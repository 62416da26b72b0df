/// Why the gateway cannot start.
package struct GatewayError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stable; programs branch on it.
    package enum Code: String, Sendable {
        case apiKeys = "api-keys"
        case accessLog = "access-log"
        case listen = "listen"
    }

    package var code: Code
    /// What happened, where, and what helps.
    package var message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
