internal import Foundation

/// How figures are written for people. Ratios become percent here and nowhere else.
enum Figures {
    /// Percent with one decimal, rounded down: what misses 99 % is never shown as 99.0.
    static func percent(_ ratio: Double) -> String { decimal((ratio * 1000 + 1e-6).rounded(.down) / 10, places: 1) }

    /// The attainment target as short as it is exact: "99", "99.5".
    static func target(_ ratio: Double) -> String { compact(ratio * 100, places: 3) }

    static func decimal(_ value: Double, places: Int) -> String {
        value.isFinite ? String(format: "%.\(places)f", value) : "∞"
    }

    /// At most `places` decimals, without zeros at the end.
    static func compact(_ value: Double, places: Int) -> String {
        guard value.isFinite else { return "∞" }
        var text = String(format: "%.\(places)f", value)
        while text.contains("."), let last = text.last, last == "0" || last == "." {
            text.removeLast()
            if last == "." { break }
        }
        return text == "-0" ? "0" : text
    }

    /// Three significant digits, and a thousand as "1,234".
    static func amount(_ value: Double) -> String {
        switch abs(value) {
        case ..<9.995: decimal(value, places: 2)
        case ..<99.95: decimal(value, places: 1)
        default: grouped(value)
        }
    }

    /// A whole number with commas between thousands.
    static func grouped(_ value: Double) -> String {
        guard value.isFinite else { return "∞" }
        var digits = Array(String(format: "%.0f", abs(value)))
        for position in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: position) }
        return (value <= -0.5 ? "-" : "") + String(digits)
    }

    /// Seconds with their unit: "41 ms", "3.42 s", "128 s"; "never" when infinite.
    static func seconds(_ value: Double) -> String {
        switch value {
        case .infinity: "never"
        case ..<0.9995: "\(decimal(value * 1000, places: value < 0.00995 ? 1 : 0)) ms"
        case ..<9.995: "\(decimal(value, places: 2)) s"
        case ..<99.95: "\(decimal(value, places: 1)) s"
        default: "\(grouped(value)) s"
        }
    }

    /// A length of time as people say it: "58 min", "3.0 h", "3.0 days".
    static func period(_ seconds: Double) -> String {
        switch seconds {
        case ..<120: "\(decimal(seconds, places: 0)) s"
        case ..<7200: "\(decimal(seconds / 60, places: 0)) min"
        case ..<172_800: "\(decimal(seconds / 3600, places: 1)) h"
        default: "\(decimal(seconds / 86_400, places: 1)) days"
        }
    }
}
