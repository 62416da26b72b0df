internal import NIOCore
internal import NIOHTTP1

/// A connection to the server: one exchange at a time.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let generator: LoadGenerator
    private var context: ChannelHandlerContext?
    private var exchange: Exchange?
    private var keepsAlive = true
    /// When its last exchange ended.
    private(set) var idleSince = NIODeadline.now()

    init(_ generator: LoadGenerator) { self.generator = generator }

    var isOpen: Bool { context?.channel.isActive ?? false }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Sends a request. The connection must be open and have none.
    func send(_ message: RequestWriter.Message, for exchange: Exchange) {
        precondition(self.exchange == nil, "a connection has one exchange at a time")
        guard let context else { return generator.end(exchange, .closed) }
        self.exchange = exchange
        exchange.connection = self
        context.write(wrapOutboundOut(.head(message.head)), promise: nil)
        for part in message.body { context.write(wrapOutboundOut(.body(.byteBuffer(part))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Closes it, whatever it does; its exchange is no longer its own.
    func close() {
        exchange = nil
        context?.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let exchange else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            keepsAlive = head.isKeepAlive
            let type = head.headers.first(name: "content-type") ?? ""
            exchange.answer.begin(
                status: Int(head.status.code), isEventStream: type.hasPrefix("text/event-stream"))
        case .body(let buffer):
            exchange.answer.feed(buffer, at: exchange.seconds)
        case .end:
            end(exchange)
        }
    }

    private func end(_ exchange: Exchange) {
        self.exchange = nil
        exchange.connection = nil
        idleSince = .now()
        if keepsAlive { generator.release(self) } else { context?.close(promise: nil) }
        let (outcome, times) = exchange.answer.end(at: exchange.seconds)
        generator.end(exchange, outcome, times)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let failure = error as? HTTPParserError, failure != .invalidEOFState {
            fail(.malformed)
        } else {
            fail(nil)
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { fail(nil) }

    /// Its exchange ends without an answer; a nil outcome means that the connection broke.
    private func fail(_ outcome: RequestOutcome?) {
        guard let exchange else { return }
        self.exchange = nil
        exchange.connection = nil
        generator.end(exchange, outcome ?? (exchange.answer.hasBegun ? .cut : .closed))
    }
}
