/// The lines of a head: a start line, then header fields. Storage is kept from one head to the next.
struct HeadLines {
    /// A head with more fields is refused.
    static let fieldLimit = 128

    private(set) var startLine = 0..<0
    private(set) var fields: [HeaderField] = []

    /// Finds the empty line that ends a head.
    ///
    /// - Parameters:
    ///   - bytes: what was received.
    ///   - searched: bytes in which no end was found before.
    /// - Returns: the offset behind it; nil when it is not there yet.
    static func end(in bytes: UnsafeRawBufferPointer, searched: Int) -> Int? {
        bytes.firstOffset(of: "\r\n\r\n", from: max(searched - 3, 0)).map { $0 + 4 }
    }

    /// Splits a whole head, strictly: lines end in CRLF, names are tokens, nothing is folded.
    ///
    /// - Parameter bytes: a head with its empty line.
    /// - Returns: false when it is malformed.
    mutating func split(_ bytes: UnsafeRawBufferPointer) -> Bool {
        fields.removeAll(keepingCapacity: true)
        guard let first = lineEnd(bytes, from: 0) else { return false }
        startLine = 0..<first
        var offset = first + 2
        while offset < bytes.count - 2 {
            guard fields.count < HeadLines.fieldLimit, let end = lineEnd(bytes, from: offset),
                let field = field(bytes, offset..<end)
            else { return false }
            fields.append(field)
            offset = end + 2
        }
        return true
    }

    /// The offset of the line's CRLF; nil when a bare line feed, a bare carriage return or a zero byte comes first.
    private func lineEnd(_ bytes: UnsafeRawBufferPointer, from: Int) -> Int? {
        guard let feed = bytes.firstOffset(of: Byte.lineFeed, from: from), feed > from,
            bytes.firstOffset(of: Byte.carriageReturn, from: from) == feed - 1
        else { return nil }
        if let zero = bytes.firstOffset(of: 0, from: from), zero < feed { return nil }
        return feed - 1
    }

    private func field(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) -> HeaderField? {
        var nameEnd = line.lowerBound
        while nameEnd < line.upperBound, Byte.isToken(bytes[nameEnd]) { nameEnd += 1 }
        guard nameEnd > line.lowerBound, nameEnd < line.upperBound, bytes[nameEnd] == Byte.colon else { return nil }
        var (start, end) = (nameEnd + 1, line.upperBound)
        while start < end, Byte.isBlank(bytes[start]) { start += 1 }
        while end > start, Byte.isBlank(bytes[end - 1]) { end -= 1 }
        return HeaderField(
            start: line.lowerBound, nameEnd: nameEnd, valueStart: start, valueEnd: end, end: line.upperBound + 2,
            kind: HeaderKind(bytes.part(line.lowerBound..<nameEnd)))
    }

    /// Whether a `Connection` header names this field, so that it ends at this connection too.
    func isNamedByConnection(_ field: HeaderField, _ bytes: UnsafeRawBufferPointer) -> Bool {
        fields.contains { other in
            other.kind == .connection
                && containsToken(bytes.part(other.value), bytes.part(field.name))
        }
    }
}

/// Whether a comma-separated list contains a token, in any case.
func containsToken(_ list: UnsafeRawBufferPointer, _ token: UnsafeRawBufferPointer) -> Bool {
    var start = 0
    while start < list.count {
        let end = list.firstOffset(of: UInt8(ascii: ","), from: start) ?? list.count
        var (first, last) = (start, end)
        while first < last, Byte.isBlank(list[first]) { first += 1 }
        while last > first, Byte.isBlank(list[last - 1]) { last -= 1 }
        if last - first == token.count,
            (0..<token.count).allSatisfy({ Byte.lowercased(list[first + $0]) == Byte.lowercased(token[$0]) })
        {
            return true
        }
        start = end + 1
    }
    return false
}

/// As above, for a word of ours.
func containsToken(_ list: UnsafeRawBufferPointer, _ token: StaticString) -> Bool {
    containsToken(list, UnsafeRawBufferPointer(start: token.utf8Start, count: token.utf8CodeUnitCount))
}

/// A number written in decimal digits alone; nil for anything else, and beyond 18 digits.
func decimal(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard !bytes.isEmpty, bytes.count <= 18 else { return nil }
    var number = 0
    for byte in bytes {
        guard Byte.isDigit(byte) else { return nil }
        number = number * 10 + Int(byte - 48)
    }
    return number
}
