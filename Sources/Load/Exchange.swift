internal import NIOCore

/// One request in flight. Lives on the generator's event loop.
final class Exchange {
    let request: PlannedRequest
    var answer = AnswerReader()
    /// Nil until there is a connection.
    var connection: LoadConnection?
    /// Its outcome is known.
    var isOver = false

    init(_ request: PlannedRequest) { self.request = request }

    /// Seconds from when it was due until now.
    var seconds: Double { Double((NIODeadline.now() - request.due).nanoseconds) * 1e-9 }
}
