internal import Foundation

/// The server that requests go to: an address and a path, over plain HTTP.
package struct LoadTarget: Hashable, Sendable {
    /// The kinds of question that a path asks; each has a body of its own.
    enum Question: Hashable, Sendable {
        case completion
        case chat
        case embedding
    }

    package let host: String
    package let port: Int
    /// Path of each request, with the URL's own path before it.
    package let path: String

    /// - Parameters:
    ///   - url: `http://HOST[:PORT][/PREFIX]`; a `/v1` at its end is taken as the beginning of `path`.
    ///   - path: beginning with a slash.
    /// - Throws: `LoadError` when the URL is none, or not plain HTTP.
    package init(url: String, path: String = "/v1/completions") throws(LoadError) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host, !host.isEmpty
        else {
            throw LoadError(.invalidURL, "--url \(url) is no address: give one like http://127.0.0.1:8080.")
        }
        guard scheme.lowercased() == "http" else {
            throw LoadError(
                .invalidURL,
                "--url \(url) begins with \(scheme)://: only http:// is spoken. Measure behind the TLS proxy.")
        }
        guard path.hasPrefix("/"), !path.contains(where: \.isWhitespace) else {
            throw LoadError(.invalidURL, "--path \(path) must begin with a slash and hold no spaces.")
        }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = parts.port ?? 80
        var prefix = parts.path
        while prefix.hasSuffix("/") { prefix.removeLast() }
        if prefix.hasSuffix("/v1"), path.hasPrefix("/v1/") { prefix.removeLast(3) }
        self.path = prefix + path
    }

    /// What the Host header says.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 80 ? name : "\(name):\(port)"
    }

    var question: Question {
        if path.hasSuffix("/chat/completions") { return .chat }
        return path.hasSuffix("/embeddings") ? .embedding : .completion
    }
}
