/// One value of a line, as bytes without surrounding blanks and quotes.
struct ByteField {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Position of its first byte in the line, counted from 1.
    let column: Int

    var isEmpty: Bool { bytes.isEmpty }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The value as a message repeats it.
    var quoted: String {
        if bytes.isEmpty { return "nothing" }
        let shown = text.prefix(ReadingLimits.quotedCharactersMax)
        return "\"\(shown)\(shown.utf8.count < bytes.count ? "..." : "")\""
    }

    /// A whole number from 0 to 2^32 - 1; also written as `12.0`.
    var count: UInt32? {
        var value: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            let digit = byte &- 48
            guard digit < 10 else { return index > 0 ? roundDecimal : nil }
            value = value &* 10 &+ UInt64(digit)
            if value > UInt64(UInt32.max) { return nil }
        }
        return bytes.isEmpty ? nil : UInt32(value)
    }

    private var roundDecimal: UInt32? { decimal?.value.flatMap { UInt32(exactly: $0) } }

    /// A finite decimal number.
    var number: Double? { decimal?.value }

    /// A decimal number in its digits; nil when the bytes are none.
    var decimal: DecimalDigits? { DecimalDigits(bytes) }
}

/// A decimal number as `mantissa / 10^decimals`, exact up to 18 digits.
struct DecimalDigits {
    private(set) var mantissa: Int64 = 0
    private(set) var decimals = 0
    private var isExact = true
    private let bytes: UnsafeBufferPointer<UInt8>

    /// Nil unless the bytes are a sign, digits, at most one point, more digits and an optional exponent.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        guard let first = bytes.first else { return nil }
        let isNegative = first == UInt8(ascii: "-")
        var index = isNegative || first == UInt8(ascii: "+") ? 1 : 0
        var digits = 0
        var point: Int?
        while index < bytes.count {
            let byte = bytes[index]
            if byte &- 48 < 10 {
                take(digit: byte &- 48)
                digits += 1
                if point != nil { decimals += 1 }
            } else if byte == UInt8(ascii: "."), point == nil {
                point = index
            } else if byte | 32 == UInt8(ascii: "e"), digits > 0 {
                isExact = false
                break
            } else {
                return nil
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        if isNegative { mantissa = -mantissa }
        if !isExact, slowValue == nil { return nil }
    }

    private mutating func take(digit: UInt8) {
        let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
        if overflow || product > Int64.max - 9 {
            isExact = false
        } else {
            mantissa = product + Int64(digit)
        }
    }

    /// The number; correctly rounded. Nil when it is not finite.
    var value: Double? {
        guard isExact, mantissa.magnitude < 1 << 53, decimals < Self.powers.count else { return slowValue }
        return Double(mantissa) / Self.powers[decimals]
    }

    private var slowValue: Double? {
        Double(String(decoding: bytes, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
    }

    /// The number times 10^power, cut to a whole number; nil when it does not fit.
    func scaled(byPowerOfTen power: Int) -> Int64? {
        guard isExact else { return slowValue.flatMap { Int64(exactly: ($0 * Self.powers[power]).rounded()) } }
        if decimals > power {
            return decimals - power < 19 ? mantissa / Self.wholePower(decimals - power) : 0
        }
        let (product, overflow) = mantissa.multipliedReportingOverflow(by: Self.wholePower(power - decimals))
        return overflow ? nil : product
    }

    private static func wholePower(_ exponent: Int) -> Int64 { Int64(powers[exponent]) }

    /// Powers of ten that a Double holds exactly.
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]
}
