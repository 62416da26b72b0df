internal import Configuration
internal import NIOCore
internal import Synchronization

/// From bytes to requests.
extension ClientConnection {
    /// Reads a head. Returns whether there may be more to do.
    func readHead() -> Bool {
        skipEmptyLines()
        guard inbox.readableBytes > 0 else { return false }
        if !request.hasBegun {
            request.hasBegun = true
            deadline = .now() + TimeAmount(loop.table.settings.receiveDeadline)
        }
        let searched = request.searchedBytes
        let end = inbox.withUnsafeReadableBytes { HeadLines.end(in: $0, searched: searched) }
        guard (end ?? inbox.readableBytes) <= loop.table.settings.headerByteLimit else {
            refuse(.headerTooLarge)
            return true
        }
        guard let end, let bytes = inbox.readSlice(length: end) else {
            request.searchedBytes = inbox.readableBytes
            return false
        }
        request.bytes = bytes
        do throws(Refusal) { try onHead() } catch { refuse(error) }
        return true
    }

    /// Some clients send an empty line behind a body.
    private func skipEmptyLines() {
        while !request.hasBegun, let byte = inbox.getInteger(at: inbox.readerIndex, as: UInt8.self),
            byte == Byte.carriageReturn || byte == Byte.lineFeed
        {
            inbox.moveReaderIndex(forwardBy: 1)
        }
    }

    private func onHead() throws(Refusal) {
        var lines = request.lines
        let parsed = request.bytes.withUnsafeReadableBytes { bytes -> Swift.Result<RequestHead, Refusal> in
            guard lines.split(bytes) else {
                return .failure(lines.fields.count >= HeadLines.fieldLimit ? .headerTooLarge : .malformed)
            }
            do throws(Refusal) { return .success(try RequestHead(lines, bytes)) } catch { return .failure(error) }
        }
        request.lines = lines
        let head = try parsed.get()
        request.head = head
        keepsAlive = head.keepsAlive
        request.requestID = acceptedRequestID(head) ?? loop.makeRequestID()
        try authorize(head)
        guard (head.contentLength ?? 0) <= loop.table.settings.bodyByteLimit else { throw .bodyTooLarge }
        phase = .body
        if head.expectsContinue, head.hasBody, inbox.readableBytes == 0 {
            write(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n"))
            flush()
        }
    }

    /// A name that the client gave the request, if it can stand in a log.
    private func acceptedRequestID(_ head: RequestHead) -> String? {
        guard let range = head.requestID, range.count <= 128, !range.isEmpty else { return nil }
        return request.bytes.withUnsafeReadableBytes { bytes in
            let value = bytes.part(range)
            return value.allSatisfy { Byte.isToken($0) } ? value.text : nil
        }
    }

    private func authorize(_ head: RequestHead) throws(Refusal) {
        guard let keys = loop.table.keys else { return }
        let path = request.text(head.path)
        if path == OwnRoutes.health || path == OwnRoutes.metrics { return }
        guard let range = head.authorization else { throw .missingKey }
        let tenant = request.bytes.withUnsafeReadableBytes { keys.tenant(authorization: $0.part(range)) }
        guard let tenant else { throw .unknownKey }
        request.tenant = tenant
    }

    /// Reads a body. Returns whether there may be more to do.
    func readBody() -> Bool {
        guard let head = request.head else { preconditionFailure("a body without a head") }
        let isComplete: Bool
        do throws(Refusal) {
            isComplete = head.isChunked ? try readChunks() : try readLength(head.contentLength ?? 0)
        } catch {
            refuse(error)
            return true
        }
        guard isComplete else {
            deadline = .now() + TimeAmount(loop.table.settings.receiveDeadline)
            return false
        }
        onRequest(head)
        return true
    }

    private func readLength(_ length: Int) throws(Refusal) -> Bool {
        let count = min(length - request.body.readableBytes, inbox.readableBytes)
        guard count > 0, var part = inbox.readSlice(length: count) else {
            return request.body.readableBytes == length
        }
        guard holdBody(count) else { throw .bodiesFull }
        if request.body.readableBytes == 0 {
            request.body = part
            // Room for what is announced, but no more than was shown to come at first.
            if count < length { request.body.reserveCapacity(min(length, 1 << 20)) }
        } else {
            request.body.writeBuffer(&part)
        }
        return request.body.readableBytes == length
    }

    private func readChunks() throws(Refusal) -> Bool {
        let before = request.body.readableBytes
        var body = request.body
        request.body = ByteBuffer()
        var chunks = request.chunks
        let count = inbox.readableBytesView.withUnsafeBytes { bytes in
            chunks.consume(bytes) { payload in body.writeBytes(payload) }
        }
        request.body = body
        request.chunks = chunks
        guard let count else { throw .malformed }
        inbox.moveReaderIndex(forwardBy: count)
        guard body.readableBytes <= loop.table.settings.bodyByteLimit else { throw .bodyTooLarge }
        guard holdBody(body.readableBytes - before) else { throw .bodiesFull }
        return chunks.isDone
    }

    /// A request is whole.
    private func onRequest(_ head: RequestHead) {
        if loop.gateway.isStopping.load(ordering: .relaxed) { keepsAlive = false }
        if let answer = OwnRoutes.answer(path: request.text(head.path), loop) {
            return sendOwn(answer, head)
        }
        guard !loop.gateway.isStopping.load(ordering: .relaxed) else { return refuse(.stopping) }
        do throws(Refusal) { try dispatch(head) } catch {
            let isModel = error == .unknownModel || error == .missingModel
            refuse(error, detail: isModel ? OwnRoutes.knownModels(loop.table) : "")
        }
    }

    private func sendOwn(_ answer: OwnAnswer, _ head: RequestHead) {
        send(answer, isHEAD: head.isHEAD, requestID: request.requestID ?? "")
        finishOwnAnswer()
    }

    private func dispatch(_ head: RequestHead) throws(Refusal) {
        var scanner = BodyScanner()
        request.body.withUnsafeReadableBytes { scanner.consume($0) }
        let route = try findRoute(head, model: scanner.model)
        let traits = ExchangeTraits(
            requestID: request.requestID ?? "", bodyBytes: request.body.readableBytes,
            outputTokenLimit: scanner.outputTokens, isHEAD: head.isHEAD, isModern: head.isModern)
        let (bytes, body) = makeRequest(head, traits)
        let exchange = Exchange(client: self, route: route, request: bytes, body: body, traits: traits)
        request.body = ByteBuffer()
        begin(exchange, affinity: affinity(route))
    }

    private func findRoute(_ head: RequestHead, model: String?) throws(Refusal) -> Route {
        let table = loop.table
        let header = head.workload.map { request.text($0) }
        let found = request.bytes.withUnsafeReadableBytes { bytes -> Swift.Result<Route, Refusal> in
            do throws(Refusal) {
                return .success(try table.route(path: bytes.part(head.path), header: header, model: model))
            } catch {
                return .failure(error)
            }
        }
        return try found.get()
    }

    private func makeRequest(_ head: RequestHead, _ traits: ExchangeTraits) -> (ByteBuffer, ByteBuffer?) {
        let isInline = traits.bodyBytes <= RequestWriter.inlineBodyLimit
        let extras = RequestExtras(
            bodyBytes: traits.bodyBytes, requestID: traits.requestID, clientAddress: clientAddress,
            hidesAuthorization: request.tenant != nil || loop.table.keys != nil)
        var output = makeBuffer(
            capacity: request.bytes.readableBytes + 160 + (isInline ? traits.bodyBytes : 0))
        request.bytes.withUnsafeReadableBytes {
            RequestWriter.write(head, request.lines, $0, extras, to: &output)
        }
        guard isInline else { return (output, request.body) }
        output.writeImmutableBuffer(request.body)
        return (output, nil)
    }

    /// Equal for requests with the same value of the workload's affinity header (FNV-1a).
    private func affinity(_ route: Route) -> UInt64? {
        guard let name = route.settings.routing.affinityHeader, let value = request.value(of: name.lowercased())
        else { return nil }
        return value.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
