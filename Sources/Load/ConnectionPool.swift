internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Open connections without an exchange, the last used on top. Lives on the generator's event loop.
struct ConnectionPool {
    /// Servers close what is idle for long: one that was is not used again, or its request would be lost on the way.
    static let idleMax = TimeAmount.seconds(15)
    static let connectTimeout = TimeAmount.seconds(10)

    private let eventLoop: any EventLoop
    private let address: SocketAddress
    private var idle: [LoadConnection] = []
    /// Connections that were asked for.
    private(set) var openedCount = 0

    init(eventLoop: any EventLoop, address: SocketAddress) {
        self.eventLoop = eventLoop
        self.address = address
    }

    /// An open connection; nil when there is none.
    mutating func take() -> LoadConnection? {
        let oldest = NIODeadline.now() - Self.idleMax
        while let connection = idle.popLast() {
            if connection.isOpen, connection.idleSince > oldest { return connection }
            connection.close()
        }
        return nil
    }

    mutating func put(_ connection: LoadConnection) { idle.append(connection) }

    /// Opens one more for the generator.
    mutating func open(for generator: LoadGenerator, then: @escaping (Result<LoadConnection, any Error>) -> Void) {
        openedCount += 1
        let owner = NIOLoopBound(generator, eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(Self.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(LoadConnection(owner.value))
                }
            }
            .connect(to: address)
            .assumeIsolated()
            .flatMapThrowing { channel in try channel.pipeline.syncOperations.handler(type: LoadConnection.self) }
            .whenComplete(then)
    }
}
