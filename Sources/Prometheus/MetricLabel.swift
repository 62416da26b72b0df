/// A name and a value that tell one sample of a family from another.
package struct MetricLabel: Hashable, Sendable {
    /// Letters, digits and `_`, no digit first.
    package var name: String
    /// Any text; it comes from a closed set, never from what a user sent.
    package var value: String

    /// - Parameters:
    ///   - name: letters, digits and `_`, no digit first; another one is a mistake of ours.
    ///   - value: any text.
    package init(_ name: String, _ value: String) {
        precondition(MetricName.isLabel(name), "\(name) is no name of a label")
        self.name = name
        self.value = value
    }
}

/// Which names the text format allows.
enum MetricName {
    static func isMetric(_ name: String) -> Bool { isName(name) { $0 == UInt8(ascii: ":") } }

    static func isLabel(_ name: String) -> Bool { isName(name) { _ in false } }

    private static func isName(_ name: String, besides isAllowed: (UInt8) -> Bool) -> Bool {
        guard let first = name.utf8.first, !isDigit(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") || isAllowed($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
