internal import Glibc

extension UnsafeRawBufferPointer {
    /// Whether the bytes are the word, in any case. The word is written in lower case.
    @inline(__always)
    func equalsIgnoringCase(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        let expected = word.utf8Start
        for index in 0..<count where Byte.lowercased(self[index]) != expected[index] { return false }
        return true
    }

    /// A part of the bytes.
    @inline(__always)
    func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }

    /// The offset of a byte at or behind `from`; nil when it does not stand there.
    @inline(__always)
    func firstOffset(of byte: UInt8, from: Int) -> Int? {
        guard from < count, let base = baseAddress, let found = memchr(base + from, Int32(byte), count - from) else {
            return nil
        }
        return UnsafeRawPointer(found) - base
    }

    /// The offset of a sequence of bytes at or behind `from`.
    func firstOffset(of word: StaticString, from: Int) -> Int? {
        var start = from
        while let offset = firstOffset(of: word.utf8Start[0], from: start), let base = baseAddress {
            guard offset + word.utf8CodeUnitCount <= count else { return nil }
            if memcmp(base + offset, word.utf8Start, word.utf8CodeUnitCount) == 0 { return offset }
            start = offset + 1
        }
        return nil
    }

    /// The bytes as text; what is not UTF-8 is replaced.
    var text: String { String(decoding: self, as: UTF8.self) }
}

/// What the bytes of a head mean.
enum Byte {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let colon = UInt8(ascii: ":")

    @inline(__always)
    static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 32 : byte }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    /// A character of a token (RFC 9110, section 5.6.2).
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        if lowercased(byte) &- 97 < 26 || isDigit(byte) { return true }
        switch byte {
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: return true
        default: return false
        }
    }

    /// The value of a hexadecimal digit.
    static func hexadecimal(_ byte: UInt8) -> Int? {
        if isDigit(byte) { return Int(byte - 48) }
        let letter = lowercased(byte)
        return letter &- 97 < 6 ? Int(letter - 87) : nil
    }
}
