internal import NIOCore

/// The passage of one answer: bytes go through as they came, while its end is looked for and its events are counted.
struct AnswerPassage: ~Copyable {
    /// How the client gets the body.
    private enum Form {
        /// The same bytes.
        case asReceived
        /// Without the chunks' framing: the client speaks HTTP/1.0.
        case unchunked
        /// In chunks of our own: the replica ends the body with its connection, and the client's goes on.
        case rechunked
    }

    private var head: ByteBuffer?
    private var form = Form.asReceived
    private var framing = BodyFraming.none
    private var chunks = ChunkScanner()
    private var scanner = AnswerScanner()
    private var isEventStream = false
    private var keepsAlive = false
    private var surplus = false

    /// The last byte was passed.
    private(set) var isComplete = false

    init() {}

    /// The connection may carry another request.
    var mayReuse: Bool { keepsAlive && !surplus }

    /// The end of the connection is the end of the body, not a failure.
    var endsWithConnection: Bool {
        if case .untilClose = framing { return true }
        return false
    }

    /// Keeps the head back until the body begins: up to then another replica may still answer.
    mutating func begin(_ head: ResponseHead, _ lines: HeadLines, _ bytes: ByteBuffer, _ exchange: Exchange) {
        framing = head.framing
        chunks = ChunkScanner()
        scanner = AnswerScanner()
        isEventStream = head.isEventStream
        keepsAlive = head.keepsAlive
        surplus = false
        isComplete = false
        if case .none = framing { isComplete = true }
        var output = exchange.client.makeBuffer(capacity: bytes.readableBytes + 64)
        let lengthLine = chooseForm(exchange)
        bytes.withUnsafeReadableBytes {
            ResponseWriter.write(head, lines, $0, framing: lengthLine, requestID: exchange.requestID, to: &output)
        }
        self.head = output
    }

    private mutating func chooseForm(_ exchange: Exchange) -> StaticString {
        form = .asReceived
        if !exchange.isModern {
            if case .chunked = framing { form = .unchunked }
            if case .untilClose = framing { exchange.client.keepsAlive = false }
            if case .unchunked = form { exchange.client.keepsAlive = false }
            return exchange.client.keepsAlive ? "connection: keep-alive\r\n" : "connection: close\r\n"
        }
        if case .untilClose = framing { form = .rechunked }
        switch framing {
        case .chunked, .untilClose:
            return exchange.client.keepsAlive
                ? "transfer-encoding: chunked\r\n" : "transfer-encoding: chunked\r\nconnection: close\r\n"
        case .none, .length: return exchange.client.keepsAlive ? "" : "connection: close\r\n"
        }
    }

    /// Passes bytes of the body on; false when they are no body.
    mutating func pass(_ bytes: ByteBuffer, _ exchange: Exchange) -> Bool {
        var bytes = bytes
        var plain: ByteBuffer? = form == .unchunked ? exchange.client.makeBuffer(capacity: bytes.readableBytes) : nil
        let eventsBefore = scanner.events
        let count = bytes.readableBytesView.withUnsafeBytes { scan($0, into: &plain) }
        guard let count, let part = bytes.readSlice(length: count) else { return false }
        surplus = surplus || bytes.readableBytes > 0
        if !isEventStream || scanner.events != eventsBefore { exchange.onContent() }
        if part.readableBytes > 0 || isComplete { deliver(plain ?? part, exchange) }
        return true
    }

    private mutating func scan(_ bytes: UnsafeRawBufferPointer, into plain: inout ByteBuffer?) -> Int? {
        switch framing {
        case .none: return 0
        case .length(let remaining):
            let count = min(remaining, bytes.count)
            look(at: bytes.part(0..<count))
            framing = .length(remaining - count)
            isComplete = remaining == count
            return count
        case .untilClose:
            look(at: bytes)
            return bytes.count
        case .chunked: return scanChunks(bytes, into: &plain)
        }
    }

    private mutating func scanChunks(_ bytes: UnsafeRawBufferPointer, into plain: inout ByteBuffer?) -> Int? {
        var output = plain
        plain = nil
        var scanner = chunks
        let count = scanner.consume(bytes) { payload in
            look(at: payload)
            output?.writeBytes(payload)
        }
        chunks = scanner
        plain = output
        isComplete = chunks.isDone
        return count
    }

    private mutating func look(at payload: UnsafeRawBufferPointer) {
        if isEventStream { scanner.count(payload) }
        scanner.keep(payload)
    }

    private mutating func deliver(_ bytes: ByteBuffer, _ exchange: Exchange) {
        if let head {
            exchange.deliver(head)
            self.head = nil
        }
        guard bytes.readableBytes > 0 else { return }
        guard form == .rechunked else { return exchange.deliver(bytes) }
        var size = exchange.client.makeBuffer(capacity: 20)
        size.writeString(String(bytes.readableBytes, radix: 16))
        size.writeStaticString("\r\n")
        exchange.deliver(size)
        exchange.deliver(bytes)
        exchange.deliver(ByteBuffer(staticString: "\r\n"))
    }

    /// The answer is over: writes what the client needs to know that, and says how many tokens there were.
    mutating func end(_ exchange: Exchange) -> AnswerTokens {
        deliver(ByteBuffer(), exchange)
        if form == .rechunked { exchange.deliver(ByteBuffer(staticString: "0\r\n\r\n")) }
        let events = max(scanner.events - (scanner.saysDone ? 1 : 0), 0)
        let stated = scanner.completionTokens
        return AnswerTokens(
            prompt: scanner.promptTokens, output: stated ?? events, events: isEventStream ? (stated ?? events) : 0)
    }
}
