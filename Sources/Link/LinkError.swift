/// A local socket that cannot be used.
package struct LinkError: Error, Hashable, CustomStringConvertible {
    /// What is wrong. Callers branch on it.
    package enum Code: String, Hashable, Sendable {
        /// The path does not fit a socket address.
        case pathTooLong = "path_too_long"
        /// Somebody else listens there.
        case inUse = "in_use"
        /// What lies at the path is no socket.
        case notASocket = "not_a_socket"
        /// The system refused.
        case system
        /// Nobody listens there.
        case nobodyListens = "nobody_listens"
        /// The other end speaks another version.
        case otherVersion = "other_version"
        /// The other end said something that is no message, or hung up.
        case badMessage = "bad_message"
        /// No answer came in time.
        case timeout
    }

    package let code: Code
    /// For people: what is wrong, and what to do.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    static func pathTooLong(_ path: String, limit: Int) -> LinkError {
        LinkError(
            .pathTooLong,
            "the socket path \(path) has \(path.utf8.count) bytes, and a socket address holds \(limit);"
                + " choose a state folder with a shorter path")
    }

    static func inUse(_ path: String) -> LinkError {
        LinkError(
            .inUse, "somebody listens on \(path) already; stop that process first, or choose another state folder")
    }

    static func notASocket(_ path: String) -> LinkError {
        LinkError(.notASocket, "\(path) is there and no socket; move it away, or choose another state folder")
    }

    static func nobodyListens(_ path: String) -> LinkError {
        LinkError(.nobodyListens, "nobody listens on \(path); is it running, with this state folder?")
    }

    static func system(_ action: String, _ path: String, number: Int32) -> LinkError {
        LinkError(.system, "cannot \(action) \(path): \(errorText(number))")
    }

    static func otherVersion(_ version: Int) -> LinkError {
        LinkError(
            .otherVersion,
            "the other process speaks version \(version) of the local protocol, this one \(LinkLimits.version);"
                + " restart both from the same program")
    }
}
