internal import Fleet
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import Runtime

/// Asks a server that somebody else runs whether it is well: `GET /health`, and any answer below 500 will do, as not every
/// server has that page.
enum ServerProbe {
    static let deadline = TimeAmount.seconds(2)

    /// The host and port of `http://host:port`.
    ///
    /// - Throws: `AssemblyError` for what the gateway cannot reach.
    static func server(_ text: String) throws(AssemblyError) -> WatchedServers.Server {
        guard let url = URL(string: text), let host = url.host(), url.scheme == "http" else {
            throw AssemblyError(.server, "'\(text)' is no address of a server; write http://HOST:PORT")
        }
        return WatchedServers.Server(host: host, port: url.port ?? 80)
    }

    /// What is wrong with a server; nil when it is well.
    static func problem(_ server: WatchedServers.Server, group: any EventLoopGroup) async -> String? {
        let loop = group.next()
        let promise = loop.makePromise(of: Int.self)
        let timer = loop.scheduleTask(in: deadline) {
            promise.fail(Problem("no answer in \(deadline.nanoseconds / 1_000_000) ms"))
        }
        defer { timer.cancel() }
        ClientBootstrap(group: loop).connectTimeout(deadline)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ProbeHandler(host: server.host, answer: promise))
                }
            }
            .connect(host: server.host, port: server.port)
            .whenFailure { _ in promise.fail(Problem("nobody answers on \(server.host):\(server.port)")) }
        do {
            let status = try await promise.futureResult.get()
            return status < 500 ? nil : "it answers /health with \(status)"
        } catch {
            return "\(error)"
        }
    }

    fileprivate struct Problem: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }
}

/// Sends the question, and reads no more than the status of the answer.
private final class ProbeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let host: String
    private let answer: EventLoopPromise<Int>
    private var received: [UInt8] = []

    init(host: String, answer: EventLoopPromise<Int>) {
        self.host = host
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        let request = "GET /health HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: request)), promise: nil)
    }

    /// `HTTP/1.1 200 OK`: the status stands at bytes 9 to 11.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += unwrapInboundIn(data).readableBytesView.prefix(16)
        guard received.count >= 12 else { return }
        if let status = Int(String(decoding: received[9..<12], as: UTF8.self)), received.starts(with: "HTTP/".utf8) {
            answer.succeed(status)
        } else {
            answer.fail(ServerProbe.Problem("its answer is no HTTP"))
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(ServerProbe.Problem("it hung up without an answer"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(ServerProbe.Problem("the connection failed: \(error)"))
        context.close(promise: nil)
    }
}
