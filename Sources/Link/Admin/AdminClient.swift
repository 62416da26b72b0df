internal import NIOCore
package import NIOPosix

/// Asks the controller one thing.
package enum AdminClient {
    /// How long an answer may take.
    package static let timeout = Duration.seconds(10)

    /// - Parameters:
    ///   - request: the question.
    ///   - path: of the controller's admin socket.
    ///   - group: its event loops serve the connection.
    /// - Returns: the answer.
    /// - Throws: `LinkError` when nobody listens, or does not answer in time.
    package static func ask(
        _ request: AdminRequest, at path: String, group: MultiThreadedEventLoopGroup = .singleton
    ) async throws -> AdminReply {
        try LocalSocket.checkLength(path)
        let loop = group.next()
        let promise = loop.makePromise(of: AdminReply.self)
        let timer = loop.scheduleTask(in: .seconds(timeout.components.seconds)) {
            promise.fail(LinkError(.timeout, "the controller on \(path) did not answer within \(timeout)"))
        }
        defer { timer.cancel() }
        let callbacks = MessageHandler<AdminReply, AdminRequest>.Callbacks(
            onActive: { $0.write(request, promise: nil) },
            onMessage: { reply, channel in
                promise.succeed(reply)
                channel.close(promise: nil)
            },
            onInactive: { _, reason in
                promise.fail(reason ?? LinkError(.badMessage, "the controller on \(path) hung up without an answer"))
            })
        ClientBootstrap(group: loop)
            .channelInitializer { MessageHandler<AdminReply, AdminRequest>.install(callbacks, in: $0) }
            .connect(unixDomainSocketPath: path)
            .whenComplete { connection in
                switch connection {
                case .success(let channel): promise.futureResult.whenFailure { _ in channel.close(promise: nil) }
                case .failure: promise.fail(LinkError.nobodyListens(path))
                }
            }
        return try await promise.futureResult.get()
    }
}
