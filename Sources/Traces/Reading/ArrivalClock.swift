/// Turns a file's timestamps into arrivals in seconds.
///
/// The first timestamp decides for the whole file: dates and epoch numbers count from it, small numbers are seconds as
/// they stand. Dates and epoch numbers are subtracted as whole nanoseconds, because a Double of 1.7e9 seconds could not
/// hold the tenth of a microsecond that traces have.
struct ArrivalClock {
    /// Numbers from here on are seconds since 1970 (1973 and later), not seconds of a run.
    static let epochSecondsMin = 1e8
    /// No arrival is farther than this from time zero: 3,000 years.
    static let secondsMax = 1e11

    private enum Kind {
        /// Nothing read yet; ends with the first timestamp.
        case undecided
        /// Numbers, divided by the unit.
        case plain
        /// Numbers since 1970; nanoseconds are the number times 10^power.
        case epoch(power: Int, origin: Int64)
        case date(origin: Int64)
    }

    private var kind = Kind.undecided
    /// Units of a small number in one second: 1, or 1,000 for milliseconds.
    private let unitsPerSecond: Double

    init(unitsPerSecond: Double = 1) { self.unitsPerSecond = unitsPerSecond }

    /// Whether the earliest arrival becomes time zero.
    var countsFromFirstArrival: Bool {
        switch kind {
        case .undecided, .plain: false
        case .epoch, .date: true
        }
    }

    /// What the next timestamp must look like, for messages.
    var expectation: String {
        switch kind {
        case .undecided: "seconds or a date such as 2024-05-10 00:00:00"
        case .plain: "a number, as in the lines before"
        case .epoch: "a number since 1970, as in the lines before"
        case .date: "a date, as in the lines before, such as 2024-05-10 00:00:00"
        }
    }

    /// What was done to the timestamps, for people; nil when they stand as they are.
    var note: String? {
        switch kind {
        case .undecided, .plain: nil
        case .date: "Dates count from the first arrival, which is time zero."
        case .epoch(power: 9, origin: _): "Timestamps since 1970 count from the first arrival, which is time zero."
        case .epoch(let power, _):
            "Timestamps since 1970 were taken as \(Self.unitName(power: power)) and count from the first arrival."
        }
    }

    private static func unitName(power: Int) -> String {
        switch power {
        case 6: "milliseconds"
        case 3: "microseconds"
        default: "nanoseconds"
        }
    }

    /// Seconds from time zero, or nil when the field is no timestamp of the file's kind.
    mutating func arrival(_ field: ByteField) -> Double? {
        switch kind {
        case .undecided:
            return decide(field) ? arrival(field) : nil
        case .plain:
            return field.number.map { $0 / unitsPerSecond }.flatMap { abs($0) < Self.secondsMax ? $0 : nil }
        case .epoch(let power, let origin):
            return field.decimal?.scaled(byPowerOfTen: power).map { Self.seconds(from: origin, to: $0) }
        case .date(let origin):
            return CalendarDate.nanoseconds(field.bytes).map { Self.seconds(from: origin, to: $0) }
        }
    }

    private static func seconds(from origin: Int64, to nanoseconds: Int64) -> Double {
        Double(nanoseconds &- origin) / 1e9
    }

    private mutating func decide(_ field: ByteField) -> Bool {
        if CalendarDate.isLikely(field.bytes), let origin = CalendarDate.nanoseconds(field.bytes) {
            kind = .date(origin: origin)
            return true
        }
        guard let decimal = field.decimal, let value = decimal.value else { return false }
        guard abs(value) / unitsPerSecond >= Self.epochSecondsMin else {
            kind = .plain
            return true
        }
        // 1.7e9 s, 1.7e12 ms, 1.7e15 us and 1.7e18 ns are the same day of 2023.
        let power = abs(value) < 1e11 ? 9 : abs(value) < 1e14 ? 6 : abs(value) < 1e17 ? 3 : 0
        guard let origin = decimal.scaled(byPowerOfTen: power) else { return false }
        kind = .epoch(power: power, origin: origin)
        return true
    }
}
