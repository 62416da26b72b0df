import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// What a stub saw of one request.
struct StubRequest: Sendable {
    /// Counts from 0 in the order of arrival.
    var number: Int
    var head: HTTPRequestHead
    var body: String

    /// Whether the body asks for this model.
    func asks(for model: String) -> Bool { body.contains("\"model\":\"\(model)\"") }
}

/// What a stub does about one request.
enum StubAnswer: Sendable {
    /// Writes raw bytes after a time, one piece after the other, each a write of its own.
    case pieces([String], after: TimeAmount = .zero, thenCloses: Bool = false)
    /// Never answers.
    case hang

    /// A whole answer of JSON.
    static func json(_ text: String, status: String = "200 OK") -> StubAnswer {
        .pieces([
            "HTTP/1.1 \(status)\r\ncontent-type: application/json\r\ncontent-length: \(text.utf8.count)\r\n\r\n\(text)"
        ])
    }

    /// A stream of events in one chunk, complete or ended in the middle.
    static func events(_ text: String, after: TimeAmount = .zero, isCut: Bool = false) -> StubAnswer {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        let chunk = String(text.utf8.count, radix: 16) + "\r\n\(text)\r\n"
        return .pieces([head, chunk] + (isCut ? [] : ["0\r\n\r\n"]), after: after, thenCloses: isCut)
    }

    /// A stream of so many tokens.
    static func tokens(_ count: Int, after: TimeAmount = .zero) -> StubAnswer {
        let event = "data: {\"choices\":[{\"text\":\"x\"}]}\n\n"
        return .events(String(repeating: event, count: count) + "data: [DONE]\n\n", after: after)
    }
}

/// An HTTP server that answers as a test says.
final class StubServer: Sendable {
    let port: Int
    private let channel: any Channel
    private let seen = Mutex<[StubRequest]>([])
    private let answer: @Sendable (StubRequest) -> StubAnswer

    /// Begins to listen; `answer` says what to do about each request.
    static func start(_ answer: @escaping @Sendable (StubRequest) -> StubAnswer) async throws -> StubServer {
        let box = StubBox()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try channel.pipeline.syncOperations.addHandler(StubHandler(box))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = StubServer(channel, answer)
        box.server.withLock { $0 = server }
        return server
    }

    private init(_ channel: any Channel, _ answer: @escaping @Sendable (StubRequest) -> StubAnswer) {
        self.channel = channel
        self.answer = answer
        port = channel.localAddress?.port ?? 0
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [StubRequest] { seen.withLock { $0 } }

    /// Takes no connections any more.
    func stopListening() { channel.close(promise: nil) }

    fileprivate func receive(_ head: HTTPRequestHead, _ body: String) -> StubAnswer {
        let request = seen.withLock { seen in
            seen.append(StubRequest(number: seen.count, head: head, body: body))
            return seen[seen.count - 1]
        }
        return answer(request)
    }
}

/// Holds the server for connections that are accepted before it is made.
private final class StubBox: Sendable {
    let server = Mutex<StubServer?>(nil)
}

private final class StubHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let box: StubBox
    private var head: HTTPRequestHead?
    private var body = ""

    init(_ box: StubBox) { self.box = box }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, "")
        case .body(let buffer): body += String(buffer: buffer)
        case .end:
            guard let head, let server = box.server.withLock({ $0 }) else { return }
            carryOut(server.receive(head, body), context.channel)
        }
    }

    private func carryOut(_ answer: StubAnswer, _ channel: any Channel) {
        guard case .pieces(let pieces, let after, let thenCloses) = answer else { return }
        channel.eventLoop.scheduleTask(in: after) {
            for piece in pieces { channel.writeAndFlush(ByteBuffer(string: piece), promise: nil) }
            if thenCloses { channel.close(promise: nil) }
        }
    }
}
