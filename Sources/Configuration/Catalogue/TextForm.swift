internal import Foundation

/// What a text must look like.
package enum TextForm: Hashable, Sendable {
    /// Anything that is not empty.
    case any
    /// Names that become labels and folders.
    case name
    /// Where something listens: `HOST:PORT`.
    case address
    /// The beginning of a request's path.
    case path
    /// Where a server is.
    case url
    /// The name of an environment variable.
    case variable
    /// The name of an HTTP header.
    case header

    /// Characters at most, of any text.
    static let lengthMax = 4096
    private static let nameLengthMax = 63

    /// What a correct text looks like, for the remedy of a message.
    var expectation: String {
        switch self {
        case .any: "write a text that is not empty, of at most \(Self.lengthMax) characters"
        case .name:
            "use letters, digits, '.', '_' and '-', beginning with a letter or a digit, "
                + "at most \(Self.nameLengthMax) characters"
        case .address: "write HOST:PORT, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080"
        case .path: "write a path that begins with '/' and has no spaces, '?' or '#', such as /models/chat"
        case .url: "write http://HOST:PORT, such as http://127.0.0.1:8001"
        case .variable: "use letters, digits and '_', not beginning with a digit, such as TIDEWAY_API_KEYS"
        case .header: "use letters, digits and '-', such as X-Session-ID"
        }
    }

    func accepts(_ text: String) -> Bool {
        guard !text.isEmpty, text.count <= Self.lengthMax, !text.contains(where: \.isNewline) else { return false }
        switch self {
        case .any: return !text.allSatisfy(\.isWhitespace)
        case .name:
            return text.count <= Self.nameLengthMax && text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]*/) != nil
        case .address: return ListenAddress(text) != nil
        case .path: return text.wholeMatch(of: /\/[^\s?#]*/) != nil
        case .url: return Self.isURL(text)
        case .variable: return text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil
        case .header: return text.wholeMatch(of: /[A-Za-z0-9-]+/) != nil
        }
    }

    /// Plain HTTP to a host, with nothing behind the port but a slash.
    private static func isURL(_ text: String) -> Bool {
        guard let url = URLComponents(string: text), url.scheme == "http", let host = url.host, !host.isEmpty else {
            return false
        }
        return (url.path.isEmpty || url.path == "/") && url.query == nil && url.user == nil && url.fragment == nil
            && (url.port.map { (1...65_535).contains($0) } ?? true)
    }
}
