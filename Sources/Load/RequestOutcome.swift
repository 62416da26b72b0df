/// What became of one request.
package enum RequestOutcome: Hashable, Sendable {
    /// A whole answer came.
    case answered
    /// The server answered with this status instead.
    case status(Int)
    /// No connection was made.
    case connectFailed
    /// The connection ended before any part of the answer.
    case closed
    /// The answer began, and did not end.
    case cut
    /// The answer was not whole in time.
    case timedOut
    /// What came was no answer: not HTTP, or without tokens.
    case malformed
    /// The server told of an error within its answer.
    case streamError
    /// Too many were in flight: it was never sent.
    case overLimit
    /// It was in flight when the run was stopped.
    case stopped

    /// A stable name, for documents.
    package var name: String {
        switch self {
        case .answered: "answered"
        case .status(let code): "status_\(code)"
        case .connectFailed: "connect_failed"
        case .closed: "connection_closed"
        case .cut: "cut"
        case .timedOut: "timed_out"
        case .malformed: "malformed"
        case .streamError: "stream_error"
        case .overLimit: "over_concurrency_limit"
        case .stopped: "stopped"
        }
    }
}
