internal import NIOCore

/// Writes heads for the other side: lines are copied as they are, without those that end here.
enum RequestWriter {
    /// Bodies up to this size are sent in one piece with their head.
    static let inlineBodyLimit = 16 << 10

    /// The head of a request to a replica.
    ///
    /// - Parameters:
    ///   - head: what was read of it.
    ///   - lines: its lines.
    ///   - bytes: its bytes.
    ///   - extra: what the gateway adds.
    ///   - output: written to.
    static func write(
        _ head: RequestHead, _ lines: HeadLines, _ bytes: UnsafeRawBufferPointer, _ extra: RequestExtras,
        to output: inout ByteBuffer
    ) {
        output.writeBytes(bytes.part(head.method))
        output.writeInteger(Byte.space)
        if bytes[head.target.lowerBound] == UInt8(ascii: "/") || head.path.isEmpty {
            output.writeBytes(bytes.part(head.target))
        } else {
            // In absolute form only a proxy is asked, and the replica is none.
            output.writeBytes(bytes.part(head.path.lowerBound..<head.target.upperBound))
        }
        output.writeStaticString(" HTTP/1.1\r\n")
        copy(lines, bytes, namesFields: head.namesFields, to: &output) { kind in
            switch kind {
            case .contentLength, .expect, .requestID, .forwardedFor, .workload: false
            case .authorization: !extra.hidesAuthorization
            default: !kind.isHopByHop
            }
        }
        if extra.bodyBytes > 0 || head.contentLength != nil || head.isChunked {
            output.writeStaticString("content-length: ")
            output.writeString(String(extra.bodyBytes))
            output.writeStaticString("\r\n")
        }
        output.writeStaticString("x-request-id: ")
        output.writeString(extra.requestID)
        output.writeStaticString("\r\nx-forwarded-for: ")
        if let range = head.forwardedFor {
            output.writeBytes(bytes.part(range))
            output.writeStaticString(", ")
        }
        output.writeString(extra.clientAddress)
        output.writeStaticString("\r\n\r\n")
    }

    /// Copies the lines that are wanted, in runs as long as they get.
    static func copy(
        _ lines: HeadLines, _ bytes: UnsafeRawBufferPointer, namesFields: Bool, to output: inout ByteBuffer,
        where isWanted: (HeaderKind) -> Bool
    ) {
        var start = lines.startLine.upperBound + 2
        for field in lines.fields {
            let isKept =
                isWanted(field.kind)
                && !(namesFields && field.kind == .other && lines.isNamedByConnection(field, bytes))
            if !isKept {
                if field.start > start { output.writeBytes(bytes.part(start..<field.start)) }
                start = field.end
            }
        }
        let end = bytes.count - 2
        if end > start { output.writeBytes(bytes.part(start..<end)) }
    }
}

/// What the gateway adds to a request.
struct RequestExtras {
    var bodyBytes: Int
    var requestID: String
    var clientAddress: String
    /// The key was meant for the gateway; replicas do not get it.
    var hidesAuthorization: Bool
}

/// Writes the head of a replica's answer for the client.
enum ResponseWriter {
    /// - Parameters:
    ///   - head: what was read of it.
    ///   - lines: its lines.
    ///   - bytes: its bytes.
    ///   - framing: the lines that say where the body ends, and whether the connection does.
    ///   - requestID: the request's.
    ///   - output: written to.
    static func write(
        _ head: ResponseHead, _ lines: HeadLines, _ bytes: UnsafeRawBufferPointer, framing: StaticString,
        requestID: String, to output: inout ByteBuffer
    ) {
        output.writeStaticString("HTTP/1.1")
        output.writeBytes(bytes.part(8..<lines.startLine.upperBound))
        output.writeStaticString("\r\n")
        RequestWriter.copy(lines, bytes, namesFields: head.namesFields, to: &output) { kind in
            kind != .requestID && !kind.isHopByHop
        }
        output.writeStaticString("x-request-id: ")
        output.writeString(requestID)
        output.writeStaticString("\r\n")
        output.writeStaticString(framing)
        output.writeStaticString("\r\n")
    }
}
