internal import ArgumentParser
internal import Configuration

/// A length of time as people type it: `90s`, `20m`, `3d`, `1h30m`, `250ms`; a plain number is seconds.
struct DurationOption: ExpressibleByArgument, Hashable, Sendable, CustomStringConvertible {
    /// Finite; negative when written with a minus sign.
    let seconds: Double

    init(seconds: Double) { self.seconds = seconds }

    private static let units: [(suffix: String, seconds: Double)] = [
        ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1), ("ms", 0.001),
    ]

    init?(argument: String) {
        if let seconds = Double(argument), seconds.isFinite {
            self.seconds = seconds
            return
        }
        var rest = Substring(argument)
        let isNegative = rest.first == "-"
        if isNegative { rest.removeFirst() }
        guard let total = TimeLength.seconds(of: rest) else { return nil }
        seconds = isNegative ? -total : total
    }

    /// As short as it can be typed without loss.
    var description: String {
        if seconds == 0 { return "0s" }
        for (suffix, unit) in Self.units {
            let number = seconds / unit
            if number == number.rounded(), abs(number) < 1e9 { return "\(Int(number))\(suffix)" }
        }
        return "\(seconds)s"
    }

    var defaultValueDescription: String { description }

    /// 10,000 days. Longer ones are typing errors, and instants lose their fractions there.
    static let largestSeconds = 864e6
}

extension DurationOption {
    /// Refuses a length of time that makes no sense as the value of an option.
    ///
    /// - Parameters:
    ///   - option: its name with the dashes, for the message.
    ///   - least: seconds at least; 0.001 where zero would mean nothing.
    ///   - most: seconds at most.
    ///   - remedy: a sentence that says why, or what to do instead.
    /// - Throws: `ValidationError` naming the option, its value and the bounds.
    func validate(
        _ option: String, atLeast least: Double = 0, atMost most: Double = largestSeconds, remedy: String? = nil
    ) throws {
        guard !(least...most).contains(seconds) else { return }
        let bounds = "at least \(DurationOption(seconds: least)) and at most \(DurationOption(seconds: most))"
        throw ValidationError(
            "\(option) \(self) must be \(bounds)." + (remedy.map { " \($0)" } ?? ""))
    }
}
