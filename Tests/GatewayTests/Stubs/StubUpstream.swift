import NIOCore
import NIOPosix
import Synchronization

/// What a stub server was asked.
struct StubRequest: Sendable {
    var head: String
    var body: String

    var path: String { head.split(separator: " ").dropFirst().first.map(String.init) ?? "" }

    /// The value of a header; nil when it is not there.
    func value(_ name: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == name { return parts[1].drop { $0 == " " }.description }
        }
        return nil
    }
}

/// One connection of a stub server: writes raw bytes, at any time, from any thread.
struct StubReply: Sendable {
    let channel: any Channel

    func write(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }

    func close() { channel.close(promise: nil) }

    /// A whole answer.
    func answer(_ body: String, status: String = "200 OK", headers: String = "") {
        write("HTTP/1.1 \(status)\r\ncontent-length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    func beginStream() {
        write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    }

    func event(_ text: String) {
        let event = "data: \(text)\n\n"
        write("\(String(event.utf8.count, radix: 16))\r\n\(event)\r\n")
    }

    func endStream() { write("0\r\n\r\n") }
}

/// A server in this process that answers as a test says.
final class StubUpstream: Sendable {
    typealias Behaviour = @Sendable (StubRequest, StubReply) -> Void

    let port: Int
    private let channel: any Channel
    private let state: StubState

    /// Listens on a free port.
    static func start(
        autoRead: Bool = true, _ behaviour: @escaping Behaviour
    ) async throws -> StubUpstream {
        let state = StubState()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StubHandler(state, behaviour))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return StubUpstream(channel, state)
    }

    private init(_ channel: any Channel, _ state: StubState) {
        self.channel = channel
        self.state = state
        port = channel.localAddress?.port ?? 0
    }

    /// Requests that came in whole.
    var requests: [StubRequest] { state.requests.withLock { $0 } }

    /// Open connections.
    var connectionCount: Int { state.connections.withLock { $0.count } }

    /// Connections that were ever opened.
    var acceptedCount: Int { state.accepted.withLock { $0 } }

    /// Ends the stream on each connection.
    func endStreams() {
        for connection in state.connections.withLock({ Array($0.values) }) {
            StubReply(channel: connection).endStream()
        }
    }

    /// Ends everything, as a process that is killed does.
    func kill() async throws {
        try await channel.close()
        for connection in state.connections.withLock({ Array($0.values) }) { connection.close(promise: nil) }
    }
}

final class StubState: Sendable {
    let requests = Mutex<[StubRequest]>([])
    let connections = Mutex<[ObjectIdentifier: any Channel]>([:])
    let accepted = Mutex(0)
}

/// Splits what comes in into requests with a `Content-Length`.
private final class StubHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let state: StubState
    private let behaviour: StubUpstream.Behaviour
    private var text = ""

    init(_ state: StubState, _ behaviour: @escaping StubUpstream.Behaviour) {
        self.state = state
        self.behaviour = behaviour
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        state.accepted.withLock { $0 += 1 }
        state.connections.withLock { $0[ObjectIdentifier(channel)] = channel }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let id = ObjectIdentifier(context.channel)
        state.connections.withLock { $0[id] = nil }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: unwrapInboundIn(data))
        while let request = next() {
            state.requests.withLock { $0.append(request) }
            behaviour(request, StubReply(channel: context.channel))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func next() -> StubRequest? {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        var request = StubRequest(head: String(text[..<end.lowerBound]), body: "")
        let length = request.value("content-length").flatMap { Int($0) } ?? 0
        let rest = Array(text[end.upperBound...].utf8)
        guard rest.count >= length else { return nil }
        request.body = String(decoding: rest.prefix(length), as: UTF8.self)
        text = String(decoding: rest.dropFirst(length), as: UTF8.self)
        return request
    }
}
