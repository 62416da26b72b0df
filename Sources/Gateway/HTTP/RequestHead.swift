/// What the gateway must know of a request's head. Ranges are offsets into the head's bytes.
struct RequestHead: ConnectionHead {
    var method = 0..<0
    var target = 0..<0
    /// The target up to its query; of a target in absolute form, the part behind the authority.
    var path = 0..<0
    var isHEAD = false
    /// HTTP/1.1; false for 1.0.
    var isModern = true
    var keepsAlive = true
    var contentLength: Int?
    var isChunked = false
    var expectsContinue = false
    var authorization: Range<Int>?
    var requestID: Range<Int>?
    var forwardedFor: Range<Int>?
    var workload: Range<Int>?
    /// A `Connection` header names fields besides the usual ones, which then end here.
    var namesFields = false

    var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }

    /// Reads a head.
    ///
    /// - Parameters:
    ///   - lines: the split lines.
    ///   - bytes: the head.
    /// - Throws: why it is refused.
    init(_ lines: HeadLines, _ bytes: UnsafeRawBufferPointer) throws(Refusal) {
        try readStartLine(lines.startLine, bytes)
        var hosts = 0
        var lengths = 0
        var encodings = 0
        keepsAlive = isModern
        for field in lines.fields {
            switch field.kind {
            case .host: hosts += 1
            case .contentLength:
                lengths += 1
                contentLength = decimal(bytes.part(field.value))
                guard contentLength != nil else { throw .malformed }
            case .transferEncoding:
                encodings += 1
                guard bytes.part(field.value).equalsIgnoringCase("chunked") else { throw .unknownEncoding }
                isChunked = true
            default: try read(field, bytes)
            }
        }
        // Two ways to find the end of a body are two different ends: request smuggling.
        guard lengths + encodings <= 1, isModern || encodings == 0 else { throw .ambiguousLength }
        guard hosts == 1 || (hosts == 0 && !isModern) else { throw .malformed }
    }

    private mutating func read(_ field: HeaderField, _ bytes: UnsafeRawBufferPointer) throws(Refusal) {
        switch field.kind {
        case .connection: readConnection(bytes.part(field.value))
        case .upgrade:
            // Some clients offer HTTP/2 with every request and go on without; others cannot.
            guard containsToken(bytes.part(field.value), "h2c") else { throw .upgradeRefused }
        case .expect:
            guard bytes.part(field.value).equalsIgnoringCase("100-continue") else { throw .unknownExpectation }
            expectsContinue = isModern
        case .authorization: authorization = field.value
        case .requestID: requestID = field.value
        case .forwardedFor: forwardedFor = field.value
        case .workload: workload = field.value
        case .other, .keepAlive, .proxyConnection, .te, .trailer, .transferEncoding, .contentLength, .contentType,
            .host:
            break
        }
    }

    private mutating func readStartLine(_ line: Range<Int>, _ bytes: UnsafeRawBufferPointer) throws(Refusal) {
        guard let first = bytes.firstOffset(of: Byte.space, from: 0), first > 0, first < line.upperBound,
            let second = bytes.firstOffset(of: Byte.space, from: first + 1), second < line.upperBound,
            bytes.part(0..<first).allSatisfy({ Byte.isToken($0) })
        else { throw .malformed }
        let version = bytes.part(second + 1..<line.upperBound)
        if version.equalsIgnoringCase("http/1.1") {
            isModern = true
        } else if version.equalsIgnoringCase("http/1.0") {
            isModern = false
        } else {
            throw version.count == 8 ? .unknownVersion : .malformed
        }
        method = 0..<first
        target = first + 1..<second
        isHEAD = bytes.part(method).equalsIgnoringCase("head")
        if bytes.part(method).equalsIgnoringCase("connect") { throw .upgradeRefused }
        try readTarget(bytes)
    }

    private mutating func readTarget(_ bytes: UnsafeRawBufferPointer) throws(Refusal) {
        let whole = bytes.part(target)
        guard !whole.isEmpty, whole.allSatisfy({ $0 > 32 && $0 != 127 }) else { throw .malformed }
        var start = target.lowerBound
        if whole[0] != UInt8(ascii: "/") {
            let isAbsolute = whole.count > 7 && whole.part(0..<7).equalsIgnoringCase("http://")
            guard isAbsolute || (whole.count == 1 && whole[0] == UInt8(ascii: "*")) else { throw .malformed }
            let slash = isAbsolute ? whole.firstOffset(of: UInt8(ascii: "/"), from: 7) : 0
            start += slash ?? whole.count
        }
        let query = bytes.firstOffset(of: UInt8(ascii: "?"), from: start) ?? target.upperBound
        path = start..<min(query, target.upperBound)
    }
}
