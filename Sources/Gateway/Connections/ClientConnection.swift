internal import Configuration
internal import NIOCore
internal import Synchronization

/// A connection from a client: reads requests one after the other, and writes answers. Used on its loop alone.
final class ClientConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bytes of further requests that are read while one is answered.
    static let pipelineByteLimit = 64 << 10
    /// After a refusal the rest of the request is thrown away for this time, so that the client reads the answer.
    static let lingerTime = TimeAmount.seconds(2)

    enum Phase {
        /// Waits for the end of a head, or for its first byte.
        case head
        /// Waits for the end of a body.
        case body
        /// A request is on its way. Ends with its answer.
        case exchange
        /// Answered for the last time; what still comes is thrown away.
        case lingering
        case closed
    }

    let loop: LoopContext
    /// When `onDeadline` is called.
    var deadline: NIODeadline
    /// The connection goes on after the present answer.
    var keepsAlive = true
    var phase = Phase.head
    var inbox = ByteBuffer()
    var request = IncomingRequest()
    private(set) var exchange: Exchange?
    private(set) var context: ChannelHandlerContext?
    private(set) var clientAddress = "unknown"
    private var isReading = true
    private var isAdvancing = false
    /// Bytes of the body that the loop counts.
    private var heldBodyBytes = 0

    init(_ loop: LoopContext) {
        self.loop = loop
        deadline = .now() + TimeAmount(loop.table.settings.connectionIdleTime)
    }

    /// Nothing of a request was received.
    var isIdle: Bool { phase == .head && inbox.readableBytes == 0 }

    // MARK: Life of the connection

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        clientAddress = context.channel.remoteAddress?.ipAddress ?? "unknown"
        loop.add(self)
        let open = loop.gateway.openConnections.add(1, ordering: .relaxed).newValue
        if open > loop.table.settings.connectionLimit { phase = .closed }
    }

    func channelActive(context: ChannelHandlerContext) {
        guard phase == .closed else { return }
        phase = .head
        refuse(.tooManyConnections)
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .closed
        exchange?.cancel()
        exchange = nil
        releaseBody()
        self.context = nil
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        loop.gateway.openConnections.subtract(1, ordering: .relaxed)
        loop.remove(self)
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func close() { context?.close(promise: nil) }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        exchange?.setReading(context.channel.isWritable)
    }

    /// The time of the present phase is over.
    func onDeadline() {
        deadline = .distantFuture
        switch phase {
        case .head where isIdle: close()
        case .head, .body: refuse(.receiveDeadline)
        case .exchange: exchange?.onDeadline()
        case .lingering, .closed: close()
        }
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        if phase == .lingering || phase == .closed { return }
        if inbox.readableBytes == 0 { inbox = buffer } else { inbox.writeBuffer(&buffer) }
        advance()
    }

    /// Reads as far as the bytes go.
    func advance() {
        // A request that is answered at once asks for the next one from within.
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        var goesOn = true
        while goesOn {
            switch phase {
            case .head: goesOn = readHead()
            case .body: goesOn = readBody()
            case .exchange:
                if inbox.readableBytes > ClientConnection.pipelineByteLimit { setReading(false) }
                goesOn = false
            case .lingering, .closed: goesOn = false
            }
        }
    }

    private func setReading(_ isReading: Bool) {
        guard isReading != self.isReading, let context else { return }
        self.isReading = isReading
        try? context.channel.syncOptions?.setOption(.autoRead, value: isReading)
        if isReading { context.read() }
    }

    /// Counts bytes of a body that are held. False when the loop holds too many already.
    func holdBody(_ bytes: Int) -> Bool {
        guard loop.bodyBytes + bytes <= loop.bodyByteLimit else { return false }
        loop.bodyBytes += bytes
        heldBodyBytes += bytes
        return true
    }

    /// The body is needed no more.
    func releaseBody() {
        loop.bodyBytes -= heldBodyBytes
        heldBodyBytes = 0
    }

    /// A whole request goes to a workload.
    func begin(_ exchange: Exchange, affinity: UInt64?) {
        phase = .exchange
        self.exchange = exchange
        exchange.begin(affinity: affinity)
        if self.exchange === exchange, !isWritable { exchange.setReading(false) }
    }

    // MARK: Writing

    func makeBuffer(capacity: Int) -> ByteBuffer {
        context?.channel.allocator.buffer(capacity: capacity) ?? ByteBuffer()
    }

    func write(_ bytes: ByteBuffer) { context?.write(wrapOutboundOut(bytes), promise: nil) }

    func flush() { context?.flush() }

    /// The client reads as fast as bytes come.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    func send(_ answer: OwnAnswer, isHEAD: Bool, requestID: String) {
        let text = answer.serialized(isHEAD: isHEAD, keepsAlive: keepsAlive, requestID: requestID)
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: text)), promise: nil)
    }

    /// The answer is complete: the next request, or the end.
    func onAnswered() {
        exchange = nil
        guard phase != .closed else { return }
        if keepsAlive {
            beginHead()
        } else {
            flush()
            linger()
        }
    }

    /// Waits for the next request.
    func beginHead() {
        phase = .head
        request = IncomingRequest()
        releaseBody()
        deadline = .now() + TimeAmount(loop.table.settings.connectionIdleTime)
        if loop.gateway.isStopping.load(ordering: .relaxed), inbox.readableBytes == 0 {
            flush()
            return close()
        }
        setReading(true)
        advance()
    }

    /// No further request: the end is said, and what the client still sends is thrown away for a while. Closing at once
    /// would make the system throw the answer away where bytes arrived unread.
    private func linger() {
        phase = .lingering
        inbox = ByteBuffer()
        releaseBody()
        setReading(true)
        deadline = .now() + ClientConnection.lingerTime
        context?.close(mode: .output, promise: nil)
    }

    // MARK: Refusing

    /// Answers the request that is being received with an error.
    func refuse(_ refusal: Refusal, detail: String = "") {
        let requestID = request.requestID ?? loop.makeRequestID()
        if refusal.closesConnection { keepsAlive = false }
        logRefusal(refusal, requestID: requestID)
        send(OwnAnswer(refusal, detail: detail), isHEAD: request.head?.isHEAD ?? false, requestID: requestID)
        finishOwnAnswer()
    }

    /// Answers a request that a workload could not serve.
    func refuse(_ refusal: Refusal, of exchange: Exchange) {
        if refusal.closesConnection { keepsAlive = false }
        send(OwnAnswer(refusal), isHEAD: exchange.isHEAD, requestID: exchange.requestID)
        onAnswered()
    }

    /// Goes on behind an answer of the gateway's own.
    func finishOwnAnswer() { onAnswered() }
}
