internal import NIOCore
package import NIOPosix
internal import Synchronization

/// The controller's end: connects, and connects again with a growing pause for as long as it lives.
package final class LinkConnector: Sendable {
    /// What the controller is told; called on an event loop, one after the other.
    package enum Event: Hashable, Sendable {
        /// A message; the first of each connection is the gateway's `hello`.
        case message(GatewayMessage)
        /// The connection ended, or could not be made; the reason is nil when the gateway left. It is tried again.
        case disconnected(LinkError?)
    }

    private struct State {
        var channel: (any Channel)?
        var pause = LinkConnector.firstPause
        var wasHeard = false
        var isStopped = false
    }

    /// Between two attempts: the first, and the longest.
    private static let firstPause = Int64(20)
    private static let longestPause = Int64(1000)

    private let path: String
    private let group: MultiThreadedEventLoopGroup
    private let onEvent: @Sendable (Event) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - path: of the gateway's socket file, absolute.
    ///   - group: its event loops serve the connection.
    ///   - onEvent: what becomes of messages.
    package init(path: String, group: MultiThreadedEventLoopGroup, onEvent: @escaping @Sendable (Event) -> Void) {
        self.path = path
        self.group = group
        self.onEvent = onEvent
    }

    /// Begins to connect. Returns at once.
    ///
    /// - Throws: `LinkError` when the path is too long for a socket.
    package func start() throws {
        try LocalSocket.checkLength(path)
        connect()
    }

    /// Tells the gateway; dropped while there is no connection, as each connection begins with what holds then.
    package func send(_ message: ControllerMessage) {
        state.withLock { $0.wasHeard ? $0.channel : nil }?.write(message, promise: nil)
    }

    /// Ends the connection for good. May be called twice.
    package func stop() async {
        let channel = state.withLock { state in
            state.isStopped = true
            return state.channel
        }
        try? await channel?.close().get()
    }

    private func connect() {
        let callbacks = callbacks
        ClientBootstrap(group: group)
            .channelInitializer { MessageHandler<GatewayMessage, ControllerMessage>.install(callbacks, in: $0) }
            .channelOption(.writeBufferWaterMark, value: .init(low: 1, high: LinkLimits.unsentBytes))
            .connect(unixDomainSocketPath: path)
            .whenFailure { [self] _ in
                onEvent(.disconnected(.nobodyListens(path)))
                retry()
            }
    }

    private var callbacks: MessageHandler<GatewayMessage, ControllerMessage>.Callbacks {
        .init(
            onActive: { [self] channel in opened(channel) },
            onMessage: { [self] message, _ in try receive(message) },
            onInactive: { [self] _, reason in ended(reason) })
    }

    private func opened(_ channel: any Channel) {
        let isStopped = state.withLock { state in
            state.channel = channel
            return state.isStopped
        }
        guard !isStopped else { return channel.close(promise: nil) }
        channel.write(ControllerMessage.hello(version: LinkLimits.version), promise: nil)
    }

    private func receive(_ message: GatewayMessage) throws {
        let isExpected = state.withLock { state in
            defer { if case .hello = message { (state.wasHeard, state.pause) = (true, LinkConnector.firstPause) } }
            if case .hello = message { return !state.wasHeard }
            return state.wasHeard
        }
        guard isExpected else { throw LinkError(.badMessage, "the gateway's hello is not its first message") }
        if case .hello(let version, _) = message, version != LinkLimits.version {
            throw LinkError.otherVersion(version)
        }
        onEvent(.message(message))
    }

    private func ended(_ reason: LinkError?) {
        state.withLock { state in
            state.channel = nil
            state.wasHeard = false
        }
        onEvent(.disconnected(reason))
        retry()
    }

    private func retry() {
        let pause: Int64? = state.withLock { state in
            guard !state.isStopped else { return nil }
            defer { state.pause = min(state.pause * 2, LinkConnector.longestPause) }
            return state.pause
        }
        guard let pause else { return }
        group.next().scheduleTask(in: .milliseconds(pause)) { [self] in connect() }
    }
}
