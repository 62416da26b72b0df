/// A header line inside the bytes of a head: offsets, no strings.
struct HeaderField {
    var start: Int
    var nameEnd: Int
    var valueStart: Int
    var valueEnd: Int
    /// Behind the line's CRLF.
    var end: Int
    var kind: HeaderKind

    var name: Range<Int> { start..<nameEnd }
    var value: Range<Int> { valueStart..<valueEnd }
}

/// The headers that a proxy must understand; all others it passes on.
enum HeaderKind: UInt8 {
    case other, connection, keepAlive, proxyConnection, te, trailer, transferEncoding, upgrade
    case contentLength, contentType, host, expect, authorization, requestID, forwardedFor, workload

    /// They concern one connection and end there (RFC 9110, section 7.6.1).
    var isHopByHop: Bool {
        switch self {
        case .connection, .keepAlive, .proxyConnection, .te, .trailer, .transferEncoding, .upgrade: true
        case .other, .contentLength, .contentType, .host, .expect, .authorization, .requestID, .forwardedFor,
            .workload:
            false
        }
    }

    /// Finds a header by its name, in any case; the length decides first, so that most names cost one comparison at most.
    init(_ name: UnsafeRawBufferPointer) {
        self = .other
        switch name.count {
        case 2: match(name, "te", .te)
        case 4: match(name, "host", .host)
        case 6: match(name, "expect", .expect)
        case 7:
            match(name, "trailer", .trailer)
            match(name, "upgrade", .upgrade)
        case 10:
            match(name, "connection", .connection)
            match(name, "keep-alive", .keepAlive)
        case 12:
            match(name, "content-type", .contentType)
            match(name, "x-request-id", .requestID)
        case 13: match(name, "authorization", .authorization)
        case 14: match(name, "content-length", .contentLength)
        case 15: match(name, "x-forwarded-for", .forwardedFor)
        case 16: match(name, "proxy-connection", .proxyConnection)
        case 17:
            match(name, "transfer-encoding", .transferEncoding)
        case 18: match(name, "x-tideway-workload", .workload)
        default: break
        }
    }

    private mutating func match(_ name: UnsafeRawBufferPointer, _ word: StaticString, _ kind: HeaderKind) {
        if name.equalsIgnoringCase(word) { self = kind }
    }
}
