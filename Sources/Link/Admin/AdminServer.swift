internal import NIOCore
package import NIOPosix
internal import Synchronization

/// Answers what people ask the controller, over a local socket of its own.
package final class AdminServer: Sendable {
    /// Takes a request, and answers by calling the function, once, from any thread.
    package typealias Handler = @Sendable (AdminRequest, @escaping @Sendable (AdminReply) -> Void) -> Void

    private let path: String
    private let group: MultiThreadedEventLoopGroup
    private let answer: Handler
    private let listener = Mutex<(any Channel)?>(nil)
    private let connections = Mutex(0)

    /// - Parameters:
    ///   - path: of the socket file, absolute.
    ///   - group: its event loops serve the socket.
    ///   - answer: what becomes of a request.
    package init(path: String, group: MultiThreadedEventLoopGroup, answer: @escaping Handler) {
        self.path = path
        self.group = group
        self.answer = answer
    }

    /// Begins to listen.
    ///
    /// - Throws: `LinkError` when the socket cannot be made.
    package func start() async throws {
        let descriptor = try LocalSocket.listen(at: path)
        let callbacks = callbacks
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { MessageHandler<AdminRequest, AdminReply>.install(callbacks, in: $0) }
            .withBoundSocket(descriptor).get()
        listener.withLock { $0 = channel }
    }

    /// No longer listens. May be called twice.
    package func stop() async {
        let channel = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        try? await channel?.close().get()
        if channel != nil { LocalSocket.remove(path) }
    }

    private var callbacks: MessageHandler<AdminRequest, AdminReply>.Callbacks {
        .init(
            onActive: { [self] channel in
                let count = connections.withLock { count in
                    count += 1
                    return count
                }
                if count > LinkLimits.connections { channel.close(promise: nil) }
            },
            onMessage: { [self] request, channel in
                answer(request) { channel.write($0, promise: nil) }
            },
            onInactive: { [self] _, _ in connections.withLock { $0 -= 1 } })
    }
}
