internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import Prometheus

/// One connection: reads requests one after the other, and writes answers as their tokens come.
final class EngineConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// Nothing has come of the next request.
        case idle
        /// The body is coming in.
        case receiving(HTTPRequestHead, ByteBuffer)
        /// The request is refused already, and the rest of its body is thrown away; the connection closes after it.
        case discarding
        /// The engine has the request; ends with its last byte.
        case answering(EngineRequestID?, AnswerProgress)
        /// A fault: the request gets no answer.
        case ignoring
    }

    private let shell: EngineLoop
    private var state = State.idle
    private var context: ChannelHandlerContext?
    private var isKeptAlive = true
    private var requestID: String?
    /// Answers made whose last byte is not on the wire.
    private var unwrittenCount = 0

    init(_ shell: EngineLoop) {
        self.shell = shell
    }

    // MARK: The channel

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        if !shell.opened(self) { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        if case .answering(let id?, _) = state { shell.depart(id) }
        state = .idle
        shell.closed(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flushTokens() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): receive(head)
        case .body(let buffer): receive(buffer)
        case .end: receiveEnd()
        }
    }

    func close() { context?.close(promise: nil) }

    func closeIfIdle() {
        if case .idle = state { close() }
    }

    func closeUnlessAnswering() {
        if case .answering = state { return }
        // An answer may be on its way out; it closes the connection when it is.
        if unwrittenCount == 0 { close() }
    }

    // MARK: Receiving

    private func receive(_ head: HTTPRequestHead) {
        isKeptAlive = head.isKeepAlive
        requestID = head.headers.first(name: "x-request-id")
        if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }),
            length > shell.options.limits.bodyBytes
        {
            return refuseBody()
        }
        state = .receiving(head, ByteBuffer())
        if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            context?.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
        }
    }

    private func receive(_ part: ByteBuffer) {
        guard case .receiving(let head, var body) = state else { return }
        // Else the buffer in the state would be shared, and copied at each part.
        state = .idle
        body.writeImmutableBuffer(part)
        state = .receiving(head, body)
        if body.readableBytes > shell.options.limits.bodyBytes { refuseBody() }
    }

    private func refuseBody() {
        isKeptAlive = false
        state = .discarding
        refuse(.bodyTooLarge(limit: shell.options.limits.bodyBytes))
    }

    private func receiveEnd() {
        guard case .receiving(let head, let body) = state else { return }
        guard !shell.isHung else { return state = .ignoring }
        do {
            try answer(EngineRoute(head), head, body)
        } catch {
            refuse(error)
        }
    }

    private func answer(_ route: EngineRoute, _ head: HTTPRequestHead, _ body: ByteBuffer) throws(EngineError) {
        switch route {
        case .metrics: return respond(200, shell.metricsPage(), contentType: MetricsPage.contentType)
        case .health:
            guard shell.isReady else { throw .loading }
            return respond(200, "", contentType: "text/plain")
        case .models:
            guard shell.isReady else { throw .loading }
            let options = shell.options
            return respond(
                200,
                EnginePages.models(
                    options.modelName, created: shell.created, contextTokens: options.contextTokens))
        case .chat, .completion, .embedding: break
        }
        var reader = EngineCallReader(modelName: shell.options.modelName)
        reader.promptTokensHeader = head.headers.first(name: "x-tideway-prompt-tokens")
        reader.cachedTokensHeader = head.headers.first(name: "x-tideway-cached-tokens")
        guard let call = try route.call(reader, Data(body.readableBytesView)) else { return }
        submit(call)
    }

    private func submit(_ call: EngineCall) {
        let created = Int(Date().timeIntervalSince1970)
        shell.submit(call.request, for: self) { id in
            let answer = EngineAnswer(call, number: id, created: created, modelName: shell.options.modelName)
            state = .answering(id, AnswerProgress(answer))
        }
        if shell.isHung { state = .ignoring }
    }

    // MARK: What the engine makes

    /// Notes tokens; they are written by `flushTokens`.
    func addTokens(_ count: Int) {
        guard case .answering(let id, var progress) = state else { return }
        progress.madeCount += count
        state = .answering(id, progress)
    }

    func finish(_ reason: FinishReason, _ usage: EngineUsage) {
        guard case .answering(_, var progress) = state else { return }
        progress.end = (reason, usage)
        guard progress.answer.call.isStreamed else {
            return respond(200, progress.answer.whole(reason, usage))
        }
        state = .answering(nil, progress)
        flushTokens()
    }

    /// Writes what is not written of a streamed answer, unless the client is slow: then the tokens are but counted.
    func flushTokens() {
        guard case .answering(let id, var progress) = state, progress.answer.call.isStreamed, let context,
            context.channel.isWritable
        else { return }
        if !progress.hasHead {
            progress.hasHead = true
            let head = responseHead(200, contentType: "text/event-stream", length: nil)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
        }
        let text = progress.takeText()
        if !text.isEmpty {
            let buffer = context.channel.allocator.buffer(string: text)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        state = .answering(id, progress)
        if progress.end == nil { return context.flush() }
        end()
    }

    // MARK: Responding

    func refuse(_ error: EngineError) {
        respond(error.status, EnginePages.error(error))
    }

    private func respond(_ status: Int, _ body: String, contentType: String = "application/json") {
        guard let context else { return }
        let head = responseHead(status, contentType: contentType, length: body.utf8.count)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty {
            let buffer = context.channel.allocator.buffer(string: body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        end()
    }

    private func responseHead(_ status: Int, contentType: String, length: Int?) -> HTTPResponseHead {
        if shell.isDraining { isKeptAlive = false }
        var headers = HTTPHeaders()
        headers.add(name: "server", value: EnginePages.serverName)
        headers.add(name: "content-type", value: contentType)
        if let length { headers.add(name: "content-length", value: "\(length)") }
        if let requestID { headers.add(name: "x-request-id", value: requestID) }
        if !isKeptAlive { headers.add(name: "connection", value: "close") }
        if status == 503 { headers.add(name: "retry-after", value: "1") }
        return HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
    }

    /// The last byte; then the connection is free for the next request, or closes.
    private func end() {
        guard let context else { return }
        if case .discarding = state {} else { state = .idle }
        let mustClose = !isKeptAlive || shell.isDraining
        let written = context.eventLoop.makePromise(of: Void.self)
        unwrittenCount += 1
        written.futureResult.assumeIsolated().whenComplete { _ in
            self.unwrittenCount -= 1
            if mustClose { self.close() }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}

/// How far a streamed answer has come.
struct AnswerProgress {
    let answer: EngineAnswer
    /// Tokens that the engine made.
    var madeCount = 0
    var end: (reason: FinishReason, usage: EngineUsage)?
    var hasHead = false
    private var sentCount = 0

    init(_ answer: EngineAnswer) {
        self.answer = answer
    }

    /// The events that were not taken yet.
    mutating func takeText() -> String {
        var text = sentCount == 0 && madeCount > 0 ? answer.opening : ""
        answer.appendTokens(sentCount..<madeCount, to: &text)
        sentCount = madeCount
        if let end { text += answer.closing(end.reason, end.usage) }
        return text
    }
}
