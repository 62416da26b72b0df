internal import NIOCore
internal import NIOPosix

/// A connection to a replica: at most one request at a time. Used on its loop alone.
final class UpstreamConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A connection that does not come about in this time has failed.
    static let connectTimeout = TimeAmount.seconds(2)
    /// An answer with a larger head is none.
    static let headByteLimit = 64 << 10

    private enum Phase {
        /// In no request's hands.
        case idle
        /// Waits for the end of an answer's head.
        case head
        case body
    }

    let replica: Replica
    let loop: LoopContext
    var idleSince = NIODeadline.now()
    private var context: ChannelHandlerContext?
    private var exchange: Exchange?
    private var phase = Phase.idle
    /// Requests that it carried.
    private var requestCount = 0
    /// Bytes of the present answer's head and of what came with it.
    private var pending = ByteBuffer()
    private var searchedBytes = 0
    private var lines = HeadLines()
    private var answer = AnswerPassage()
    /// Has bytes that were not flushed.
    private var clientToFlush: ClientConnection?
    private var isReading = true

    private init(_ replica: Replica, _ loop: LoopContext) {
        self.replica = replica
        self.loop = loop
    }

    // MARK: Life of the connection

    /// Opens a connection; `completion` gets nil when that fails.
    static func open(
        _ replica: Replica, loop: LoopContext, completion: @escaping @Sendable (UpstreamConnection?) -> Void
    ) {
        let connection = UpstreamConnection(replica, loop)
        let bootstrap = ClientBootstrap(group: loop.eventLoop)
            .connectTimeout(connectTimeout)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(connection) }
            }
        let opened =
            replica.address.map { bootstrap.connect(to: $0) }
            ?? bootstrap.connect(host: replica.host, port: replica.port)
        opened.hop(to: loop.eventLoop).whenComplete { result in
            if case .success = result { completion(connection) } else { completion(nil) }
        }
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Ends the connection. No end of a read follows a close, so what was written for the client is flushed now.
    func close() {
        flushClient()
        context?.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        let wasUntouched = phase == .head && pending.readableBytes == 0
        let isStale = wasUntouched && requestCount > 1
        guard let exchange else {
            loop.removeIdle(self)
            return
        }
        if phase == .body, answer.endsWithConnection {
            complete(exchange)
        } else {
            self.exchange = nil
            flushClient()
            exchange.onUpstreamGone(.upstreamFailed, isStale: isStale)
        }
        flushClient()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: A request

    func send(_ exchange: Exchange, _ request: ByteBuffer, _ body: ByteBuffer?) {
        self.exchange = exchange
        phase = .head
        requestCount += 1
        searchedBytes = 0
        pending.clear()
        guard let context else {
            self.exchange = nil
            return exchange.onUpstreamGone(.upstreamFailed, isStale: requestCount > 1)
        }
        context.write(wrapOutboundOut(request), promise: nil)
        if let body { context.write(wrapOutboundOut(body), promise: nil) }
        context.flush()
    }

    /// The request is not wanted any more: the replica learns that by the end of the connection.
    func abandon() {
        exchange = nil
        close()
    }

    /// Back-pressure: while the client does not read, neither do we.
    func setReading(_ isReading: Bool) {
        guard isReading != self.isReading, let context else { return }
        self.isReading = isReading
        try? context.channel.syncOptions?.setOption(.autoRead, value: isReading)
        if isReading { context.read() }
    }

    // MARK: The answer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        guard let exchange else {
            // Nobody asked.
            return context.close(promise: nil)
        }
        switch phase {
        case .idle: context.close(promise: nil)
        case .head:
            if pending.readableBytes == 0 { pending = buffer } else { pending.writeBuffer(&buffer) }
            readHead(exchange)
        case .body: readBody(exchange, buffer)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { flushClient() }

    private func flushClient() {
        clientToFlush?.flush()
        clientToFlush = nil
    }

    private func readHead(_ exchange: Exchange) {
        while phase == .head {
            let searched = searchedBytes
            guard let end = pending.withUnsafeReadableBytes({ HeadLines.end(in: $0, searched: searched) }) else {
                searchedBytes = pending.readableBytes
                if searchedBytes > UpstreamConnection.headByteLimit { fail(exchange, .upstreamInvalid) }
                return
            }
            guard let bytes = pending.readSlice(length: end) else { return }
            searchedBytes = 0
            onHead(exchange, bytes)
        }
    }

    private func onHead(_ exchange: Exchange, _ bytes: ByteBuffer) {
        let head = bytes.withUnsafeReadableBytes { bytes in
            lines.split(bytes) ? ResponseHead(lines, bytes, answersHEAD: exchange.isHEAD) : nil
        }
        guard let head, head.status != 101 else { return fail(exchange, .upstreamInvalid) }
        if head.isInterim { return }
        guard exchange.onHead(head) else {
            self.exchange = nil
            return close()
        }
        phase = .body
        answer.begin(head, lines, bytes, exchange)
        let rest = pending
        pending = ByteBuffer()
        if answer.isComplete || rest.readableBytes > 0 { readBody(exchange, rest) }
    }

    private func readBody(_ exchange: Exchange, _ bytes: ByteBuffer) {
        exchange.onProgress()
        clientToFlush = exchange.client
        guard answer.pass(bytes, exchange) else { return fail(exchange, .upstreamInvalid) }
        if answer.isComplete { complete(exchange) }
    }

    private func complete(_ exchange: Exchange) {
        clientToFlush = exchange.client
        let tokens = answer.end(exchange)
        self.exchange = nil
        phase = .idle
        setReading(true)
        let mayReuse = answer.mayReuse && context != nil
        if mayReuse { loop.putIdle(self) } else { close() }
        exchange.onComplete(tokens)
    }

    private func fail(_ exchange: Exchange, _ refusal: Refusal) {
        self.exchange = nil
        phase = .idle
        close()
        exchange.onUpstreamGone(refusal, isStale: false)
    }
}
