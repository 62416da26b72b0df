import NIOCore
import NIOPosix
import Synchronization

/// A connection on which tests write and read bytes as they like.
final class HTTPClient: Sendable {
    /// What has come so far.
    private final class Received: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let state = Mutex((text: "", isClosed: false))

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let part = String(buffer: unwrapInboundIn(data))
            state.withLock { $0.text += part }
        }

        func channelInactive(context: ChannelHandlerContext) {
            state.withLock { $0.isClosed = true }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    private let received: Received
    private let channel: any Channel

    init(port: Int) async throws {
        let received = Received()
        self.received = received
        channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(received)
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    var text: String { received.state.withLock { $0.text } }
    var isClosed: Bool { received.state.withLock { $0.isClosed } }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    func get(_ path: String) async throws { try await send("GET \(path) HTTP/1.1\r\nhost: a\r\n\r\n") }

    func post(_ path: String, _ body: String, headers: String = "") async throws {
        try await send(
            "POST \(path) HTTP/1.1\r\nhost: a\r\ncontent-length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    func close() async throws { try await channel.close().get() }

    /// Waits until what came is as wanted. A generous limit: a test that meets it has failed.
    func wait(_ isThere: @Sendable (String) -> Bool) async throws -> String {
        try await until("\(text)") { isThere(self.text) }
        return text
    }

    func waitForClose() async throws { try await until("the connection to close") { self.isClosed } }
}

struct NeverHappened: Error { var what: String }

/// Looks again and again until it is so, for 30 seconds at most.
func until(_ what: String, _ isSo: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < deadline {
        if try await isSo() { return }
        try await Task.sleep(for: .milliseconds(2))
    }
    throw NeverHappened(what: what)
}
