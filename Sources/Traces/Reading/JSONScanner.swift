/// Reads JSON from left to right without building a tree: the caller says what it expects next.
///
/// Enough for traces: strings are returned as they stand, escapes unresolved.
struct JSONScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    /// The next byte to read.
    private(set) var index = 0

    /// Values nested deeper than this are refused.
    static let depthMax = 64

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The next byte that is not white space; nil at the end.
    mutating func peek() -> UInt8? {
        while index < bytes.count {
            let byte = bytes[index]
            if byte != 32, byte != 10, byte != 13, byte != 9 { return byte }
            index += 1
        }
        return nil
    }

    /// Takes one punctuation character if it comes next.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    /// The text between quotes; nil when no string comes next.
    mutating func string() -> ByteField? {
        guard skip("\"") else { return nil }
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard index < bytes.count else { return nil }
        defer { index += 1 }
        return field(from: start, to: index)
    }

    /// The bytes of a number or of a string that holds one; nil when something else comes next.
    mutating func numberText() -> ByteField? {
        guard let byte = peek() else { return nil }
        if byte == UInt8(ascii: "\"") { return string() }
        let start = index
        while index < bytes.count, Self.isNumberByte(bytes[index]) { index += 1 }
        return index > start ? field(from: start, to: index) : nil
    }

    /// Passes over any value. False when there is none.
    mutating func skipValue(depth: Int = 0) -> Bool {
        guard depth < Self.depthMax, let byte = peek() else { return false }
        switch byte {
        case UInt8(ascii: "\""): return string() != nil
        case UInt8(ascii: "{"): return skipMembers(closing: "}", depth: depth)
        case UInt8(ascii: "["): return skipMembers(closing: "]", depth: depth)
        default: return skipWord()
        }
    }

    private mutating func skipMembers(closing: Unicode.Scalar, depth: Int) -> Bool {
        index += 1
        if skip(closing) { return true }
        repeat {
            if closing == "}" { guard string() != nil, skip(":") else { return false } }
            guard skipValue(depth: depth + 1) else { return false }
        } while skip(",")
        return skip(closing)
    }

    private mutating func skipWord() -> Bool {
        let start = index
        while index < bytes.count, Self.isWordByte(bytes[index]) { index += 1 }
        return index > start
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        byte &- 48 < 10 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
            || byte | 32 == UInt8(ascii: "e")
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        isNumberByte(byte) || (byte | 32 >= UInt8(ascii: "a") && byte | 32 <= UInt8(ascii: "z"))
    }

    private func field(from start: Int, to end: Int) -> ByteField {
        ByteField(bytes: UnsafeBufferPointer(rebasing: bytes[start..<end]), column: start + 1)
    }
}

extension ByteField {
    func equals(_ name: StaticString) -> Bool {
        guard bytes.count == name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { zip($0, bytes).allSatisfy { $0 == $1 } }
    }
}
