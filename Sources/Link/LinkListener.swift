internal import NIOCore
package import NIOPosix
internal import Synchronization

/// The gateway's end: listens, and speaks with one controller at a time. A new controller replaces the one before.
package final class LinkListener: Sendable {
    /// What the gateway is told; called on an event loop, so answered quickly.
    package struct Handler: Sendable {
        /// A message. A `hello` comes from a controller that has just connected: it is answered with the gateway's own
        /// `hello`, and whatever is sent before that is dropped.
        package var receive: @Sendable (ControllerMessage) -> Void
        /// For the log: the connection came, or ended, and why.
        package var report: @Sendable (LinkReport) -> Void

        package init(
            receive: @escaping @Sendable (ControllerMessage) -> Void,
            report: @escaping @Sendable (LinkReport) -> Void
        ) {
            self.receive = receive
            self.report = report
        }
    }

    private struct State {
        var listener: (any Channel)?
        var controller: (any Channel)?
        var isWelcomed = false
    }

    private let path: String
    private let handler: Handler
    private let group: MultiThreadedEventLoopGroup
    private let state = Mutex(State())

    /// - Parameters:
    ///   - path: of the socket file, absolute.
    ///   - group: its event loops serve the socket.
    ///   - handler: what becomes of messages.
    package init(path: String, group: MultiThreadedEventLoopGroup, handler: Handler) {
        self.path = path
        self.group = group
        self.handler = handler
    }

    /// Begins to listen.
    ///
    /// - Throws: `LinkError` when the socket cannot be made.
    package func start() async throws {
        let descriptor = try LocalSocket.listen(at: path)
        let callbacks = callbacks
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { MessageHandler<ControllerMessage, GatewayMessage>.install(callbacks, in: $0) }
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 1, high: LinkLimits.unsentBytes))
            .withBoundSocket(descriptor).get()
        state.withLock { $0.listener = listener }
    }

    /// Tells the controller, if there is one; samples and news for nobody are dropped, as `hello` says what holds.
    package func send(_ message: GatewayMessage) {
        let controller: (any Channel)? = state.withLock { state in
            if case .hello = message { state.isWelcomed = state.controller != nil }
            return state.isWelcomed ? state.controller : nil
        }
        controller?.write(message, promise: nil)
    }

    /// Ends the connection and no longer listens. May be called twice.
    package func stop() async {
        let (listener, controller) = state.withLock { state in
            defer { state = State() }
            return (state.listener, state.controller)
        }
        try? await listener?.close().get()
        try? await controller?.close().get()
        if listener != nil { LocalSocket.remove(path) }
    }

    private var callbacks: MessageHandler<ControllerMessage, GatewayMessage>.Callbacks {
        .init(
            onMessage: { [self] message, channel in try receive(message, from: channel) },
            onInactive: { [self] channel, reason in ended(channel, reason) })
    }

    private func receive(_ message: ControllerMessage, from channel: any Channel) throws {
        if case .hello(let version) = message {
            guard version == LinkLimits.version else { throw LinkError.otherVersion(version) }
            welcome(channel)
        } else if !isController(channel) {
            throw LinkError(.badMessage, "an order before the controller's hello")
        }
        handler.receive(message)
    }

    private func welcome(_ channel: any Channel) {
        let earlier = state.withLock { state in
            defer { (state.controller, state.isWelcomed) = (channel, false) }
            return state.controller
        }
        handler.report(.connected)
        if let earlier, earlier !== channel { earlier.close(promise: nil) }
    }

    private func isController(_ channel: any Channel) -> Bool {
        state.withLock { $0.controller === channel }
    }

    private func ended(_ channel: any Channel, _ reason: LinkError?) {
        let wasController = state.withLock { state in
            guard state.controller === channel else { return false }
            (state.controller, state.isWelcomed) = (nil, false)
            return true
        }
        if wasController || reason != nil { handler.report(.ended(reason)) }
    }
}

/// News of a connection, for the log.
package enum LinkReport: Hashable, Sendable {
    case connected
    /// The reason is nil when the other end left.
    case ended(LinkError?)
}
