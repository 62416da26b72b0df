/// A point in time of the proleptic Gregorian calendar in UTC, read from ISO 8601. There are no time zones with summer
/// time here, so every day has 86,400 seconds.
enum CalendarDate {
    /// Nanoseconds since 1970 of `YYYY-MM-DD[T| ]HH:MM[:SS[.fraction]][Z|+HH[:MM]]` or of a bare date (midnight).
    ///
    /// Up to nine digits of the fraction count. Without an offset the time is taken as UTC. Nil for anything else,
    /// and for dates that do not exist (2023-02-29).
    static func nanoseconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        var cursor = Cursor(bytes)
        guard let year = cursor.digits(4), cursor.skip("-"), let month = cursor.digits(2), cursor.skip("-"),
            let day = cursor.digits(2), isValid(year: year, month: month, day: day)
        else { return nil }
        let midnight = Int64(daysSince1970(year: year, month: month, day: day)) * 86_400
        if cursor.isAtEnd { return midnight * 1_000_000_000 }
        guard cursor.skip("T") || cursor.skip(" ") || cursor.skip("t"), let clock = cursor.clock(),
            let offset = cursor.offsetSeconds(), cursor.isAtEnd
        else { return nil }
        return (midnight + clock.seconds - offset) * 1_000_000_000 + clock.nanoseconds
    }

    /// Whether bytes look like a date rather than a number: four digits and a hyphen.
    static func isLikely(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.count > 4 && bytes[4] == UInt8(ascii: "-")
    }

    /// Years whose nanoseconds fit into 64 bits.
    private static let years = 1700...2261

    private static func isValid(year: Int, month: Int, day: Int) -> Bool {
        guard years.contains(year), month >= 1, month <= 12, day >= 1 else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return day <= lengths[month - 1]
    }

    /// Days from 1970-01-01, by counting years from March (Howard Hinnant, "chrono-compatible low-level date
    /// algorithms", `days_from_civil`).
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

/// Reads fixed-width digits from left to right.
private struct Cursor {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { index == bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    mutating func digits(_ count: Int) -> Int? {
        guard index + count <= bytes.count else { return nil }
        var value = 0
        for position in index..<index + count {
            let digit = bytes[position] &- 48
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        index += count
        return value
    }

    /// `HH:MM[:SS[.fraction]]`; a leap second (60) counts as the next minute's first.
    mutating func clock() -> (seconds: Int64, nanoseconds: Int64)? {
        guard let hour = digits(2), hour < 24, skip(":"), let minute = digits(2), minute < 60 else { return nil }
        guard skip(":") else { return (Int64(hour * 3600 + minute * 60), 0) }
        guard let second = digits(2), second <= 60 else { return nil }
        let seconds = Int64(hour * 3600 + minute * 60 + second)
        guard skip(".") || skip(",") else { return (seconds, 0) }
        guard let nanoseconds = fraction() else { return nil }
        return (seconds, nanoseconds)
    }

    private mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var unit: Int64 = 100_000_000
        let start = index
        while index < bytes.count, bytes[index] &- 48 < 10 {
            value += Int64(bytes[index] &- 48) * unit
            unit /= 10
            index += 1
        }
        return index > start ? value : nil
    }

    /// Seconds east of UTC; 0 when nothing is said.
    mutating func offsetSeconds() -> Int64? {
        if isAtEnd || skip("Z") || skip("z") { return 0 }
        let isWest = skip("-")
        guard isWest || skip("+"), let hours = digits(2), hours < 24 else { return nil }
        _ = skip(":")
        let minutes = isAtEnd ? 0 : digits(2)
        guard let minutes, minutes < 60 else { return nil }
        return Int64(hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
}
