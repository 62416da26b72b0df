/// How the end of an answer's body is found.
enum BodyFraming {
    case none
    /// So many bytes are left.
    case length(Int)
    case chunked(ChunkScanner)
    case untilClose
}

/// What the gateway must know of an answer's head.
struct ResponseHead: ConnectionHead {
    var status = 0
    var keepsAlive = true
    var framing = BodyFraming.none
    var isEventStream = false
    /// A `Connection` header names fields besides the usual ones.
    var namesFields = false

    /// 100 to 199: another head follows.
    var isInterim: Bool { status < 200 }

    /// Reads a head; nil when a proxy cannot pass it on safely.
    ///
    /// - Parameters:
    ///   - lines: the split lines.
    ///   - bytes: the head.
    ///   - answersHEAD: the request was `HEAD`, so that no body follows.
    init?(_ lines: HeadLines, _ bytes: UnsafeRawBufferPointer, answersHEAD: Bool) {
        let line = bytes.part(lines.startLine)
        guard line.count >= 12, line.part(0..<7).equalsIgnoringCase("http/1."), Byte.isDigit(line[7]),
            line[8] == Byte.space, let code = decimal(line.part(9..<12)), code >= 100,
            line.count == 12 || line[12] == Byte.space
        else { return nil }
        status = code
        keepsAlive = line[7] != UInt8(ascii: "0")
        var length: Int?
        var isChunked = false
        for field in lines.fields {
            let value = bytes.part(field.value)
            switch field.kind {
            case .contentLength:
                guard let number = decimal(value), length == nil || length == number else { return nil }
                length = number
            case .transferEncoding:
                guard value.equalsIgnoringCase("chunked"), !isChunked else { return nil }
                isChunked = true
            case .connection: readConnection(value)
            case .contentType:
                isEventStream = value.count >= 17 && value.part(0..<17).equalsIgnoringCase("text/event-stream")
            default: break
            }
        }
        guard !(isChunked && length != nil) else { return nil }
        framing = ResponseHead.framing(isChunked, length)
        if answersHEAD || code < 200 || code == 204 || code == 304 { framing = .none }
        if case .untilClose = framing { keepsAlive = false }
    }

    private static func framing(_ isChunked: Bool, _ length: Int?) -> BodyFraming {
        if isChunked { return .chunked(ChunkScanner()) }
        guard let length else { return .untilClose }
        return length > 0 ? .length(length) : .none
    }
}
