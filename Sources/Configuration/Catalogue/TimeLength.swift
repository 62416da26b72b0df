/// Lengths of time as the file writes them: `500ms`, `1s`, `10m`, `2h`, `1h30m`. The unit is never left out.
package enum TimeLength {
    private static let units: [(suffix: String, seconds: Double)] = [
        ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1), ("ms", 1e-3), ("us", 1e-6),
    ]
    /// Three hundred years; what is longer does not fit.
    private static let secondsMax = 1e10 - 1e9

    /// The length that `text` stands for, to the nanosecond; nil when it is none.
    package static func parse(_ text: String) -> Duration? {
        guard let total = seconds(of: text[...]), total < secondsMax else { return nil }
        return .nanoseconds(Int64((total * 1e9).rounded()))
    }

    /// The sum of `1h30m` and the like in seconds, finite; nil for anything else.
    package static func seconds(of text: Substring) -> Double? {
        var rest = text
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest.removeFirst(digits.count)
            let suffix = rest.prefix { $0.isLetter }
            rest.removeFirst(suffix.count)
            guard let number = Double(digits), let unit = units.first(where: { $0.suffix == suffix }) else {
                return nil
            }
            total += number * unit.seconds
        }
        return total.isFinite ? total : nil
    }

    /// As short as it can be written without loss, down to microseconds.
    package static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        guard microseconds != 0 else { return "0s" }
        for unit in units where unit.suffix != "w" {
            let size = Int64((unit.seconds * 1e6).rounded())
            if microseconds.isMultiple(of: size) { return "\(microseconds / size)\(unit.suffix)" }
        }
        return "\(microseconds)us"
    }
}
