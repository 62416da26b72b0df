internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// The emulator of a model server on a socket of this process. Its whole work is done on one thread.
package final class EngineServer: Sendable {
    /// Where it listens.
    package let port: Int
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let shell: NIOLoopBound<EngineLoop>

    /// Starts listening; ready when it returns, unless the options ask for a load delay.
    ///
    /// - Parameters:
    ///   - options: what it imitates, and where it listens.
    ///   - crash: what the fault `crashAfter` does; by default the process ends at once with status 134.
    /// - Returns: the server, which listens.
    /// - Throws: `IOError` when the address cannot be had.
    package static func start(
        _ options: EmulatorOptions, crash: @escaping @Sendable () -> Void = { _exit(134) }
    ) async throws -> EngineServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            return try await listen(options, on: group, crash: crash)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func listen(
        _ options: EmulatorOptions, on group: MultiThreadedEventLoopGroup, crash: @escaping @Sendable () -> Void
    ) async throws -> EngineServer {
        let loop = group.next()
        let shell = try await loop.submit {
            NIOLoopBound(EngineLoop(options, on: loop, crash: crash), eventLoop: loop)
        }.get()
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(EngineConnection(shell.value))
                }
            }
            .bind(host: options.host, port: options.port).get()
        guard let port = listener.localAddress?.port else { preconditionFailure("a listener has an address") }
        return EngineServer(port: port, group: group, listener: listener, shell: shell)
    }

    private init(
        port: Int, group: MultiThreadedEventLoopGroup, listener: any Channel, shell: NIOLoopBound<EngineLoop>
    ) {
        self.port = port
        self.group = group
        self.listener = listener
        self.shell = shell
    }

    /// Takes nothing new, finishes what runs, and stops. Returns when all is closed. Call it once, or `close`.
    package func drain() async throws {
        try? await listener.close()
        let loop = listener.eventLoop
        let drained = loop.makePromise(of: Void.self)
        let shell = shell
        loop.execute { shell.value.drain { drained.succeed() } }
        try await drained.futureResult.get()
        try await group.shutdownGracefully()
    }

    /// Cuts everything and stops. Returns when all is closed.
    package func close() async throws {
        try? await listener.close()
        let shell = shell
        try await listener.eventLoop.submit { shell.value.closeAll() }.get()
        try await group.shutdownGracefully()
    }
}
