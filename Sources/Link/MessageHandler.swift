internal import Foundation
internal import NIOCore

/// One end of a connection: lines of JSON to messages and back, with a bounded queue for a slow reader.
final class MessageHandler<Incoming: Decodable & Sendable, Outgoing: QueuedMessage>: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = Outgoing
    typealias OutboundOut = ByteBuffer

    /// What the owner of the connection wants to know; called on its event loop.
    struct Callbacks: Sendable {
        var onActive: @Sendable (any Channel) -> Void = { _ in }
        /// A message; a thrown error ends the connection.
        var onMessage: @Sendable (Incoming, any Channel) throws -> Void
        /// The connection ended; the reason when it was ours.
        var onInactive: @Sendable (any Channel, LinkError?) -> Void = { _, _ in }
    }

    private let callbacks: Callbacks
    private var outbox = Outbox<Outgoing>(limit: LinkLimits.queuedMessages)
    private var failure: LinkError?
    private let decoder = JSONDecoder()
    private let encoder = JSONEncoder()

    init(_ callbacks: Callbacks) { self.callbacks = callbacks }

    /// Makes a channel one that speaks these messages.
    static func install(_ callbacks: Callbacks, in channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers([
                ByteToMessageHandler(LineDecoder()), MessageHandler(callbacks),
            ])
        }
    }

    func channelActive(context: ChannelHandlerContext) {
        callbacks.onActive(context.channel)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard failure == nil else { return }
        let line = unwrapInboundIn(data)
        do {
            let message = try decoder.decode(Incoming.self, from: Data(line.readableBytesView))
            try callbacks.onMessage(message, context.channel)
        } catch let error as LinkError {
            fail(error, context)
        } catch {
            fail(LinkError(.badMessage, "not understood: \(line.prefixText)"), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error as? LinkError ?? LinkError(.system, "the connection failed: \(error)"), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        callbacks.onInactive(context.channel, failure)
        context.fireChannelInactive()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let message = unwrapOutboundIn(data)
        guard outbox.append(message, replacing: message.queueKey) else {
            return fail(LinkError(.badMessage, "the reader is too slow; the connection ends"), context)
        }
        sendWaiting(context)
        promise?.succeed()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        sendWaiting(context)
        context.fireChannelWritabilityChanged()
    }

    private func sendWaiting(_ context: ChannelHandlerContext) {
        outbox.drain { message in
            guard context.channel.isWritable else { return false }
            context.writeAndFlush(wrapOutboundOut(line(message, context.channel.allocator)), promise: nil)
            return true
        }
    }

    private func line(_ message: Outgoing, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        do {
            var buffer = allocator.buffer(bytes: try encoder.encode(message))
            buffer.writeInteger(UInt8(ascii: "\n"))
            return buffer
        } catch {
            preconditionFailure("a message that has no JSON: \(message): \(error)")
        }
    }

    private func fail(_ error: LinkError, _ context: ChannelHandlerContext) {
        guard failure == nil else { return }
        failure = error
        context.close(promise: nil)
    }
}

extension ByteBuffer {
    /// The begin of it as text, for a message about it.
    fileprivate var prefixText: String { String(decoding: readableBytesView.prefix(120), as: UTF8.self) }
}
