import NIOCore
import NIOPosix
import Synchronization

/// A socket that sends raw bytes and collects what comes back.
final class RawClient: Sendable {
    private let channel: any Channel
    private let received: ReceivedBytes

    static func connect(port: Int, readsAtOnce: Bool = true) async throws -> RawClient {
        let received = ReceivedBytes()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: readsAtOnce)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ReceivingHandler(received))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel, received)
    }

    private init(_ channel: any Channel, _ received: ReceivedBytes) {
        self.channel = channel
        self.received = received
    }

    func send(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }

    /// Sends a POST with a body.
    func post(_ body: String, path: String = "/v1/chat/completions", headers: String = "") {
        send("POST \(path) HTTP/1.1\r\nhost: test\r\ncontent-length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    func beginReading() async throws { try await channel.setOption(.autoRead, value: true).get() }

    func close() async throws { try await channel.close() }

    var text: String { received.state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }
    var byteCount: Int { received.state.withLock { $0.bytes.count } }
    var isClosed: Bool { received.state.withLock { $0.isClosed } }

    /// Waits until the text holds all of these.
    func waits(for parts: String...) async -> Bool {
        await becomesTrue { parts.allSatisfy { self.text.contains($0) } }
    }

    func waitsForClose() async -> Bool { await becomesTrue { self.isClosed } }
}

private final class ReceivedBytes: Sendable {
    struct State {
        var bytes: [UInt8] = []
        var isClosed = false
    }
    let state = Mutex(State())
}

private final class ReceivingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let received: ReceivedBytes

    init(_ received: ReceivedBytes) { self.received = received }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        received.state.withLock { $0.bytes.append(contentsOf: buffer.readableBytesView) }
    }

    func channelInactive(context: ChannelHandlerContext) { received.state.withLock { $0.isClosed = true } }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Polls for a condition; the limit is generous, because machines are loaded.
func becomesTrue(_ condition: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return condition()
}
