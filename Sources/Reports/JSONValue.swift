internal import Foundation

/// A JSON value whose members keep the order in which they were given.
enum JSONValue {
    case null
    case bool(Bool)
    case integer(Int)
    /// Seeds: they use all 64 bits.
    case unsigned(UInt64)
    /// Infinite becomes null.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([(String, JSONValue)])

    /// A number rounded to `places` decimals, for what a chart needs no more of.
    static func rounded(_ value: Double?, places: Int) -> JSONValue {
        guard let value, value.isFinite else { return .null }
        let scale = [1, 10, 100, 1000, 10_000, 100_000][places]
        return .number((value * Double(scale)).rounded() / Double(scale))
    }

    static func optional(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }

    /// The text, without spaces, and safe inside a `script` element: `<` is written as an escape.
    var compactText: String {
        var text = ""
        write(to: &text)
        return text
    }

    func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .unsigned(let value): text += String(value)
        case .number(let value): Self.write(value, to: &text)
        case .string(let value): Self.write(value, to: &text)
        case .array(let values): Self.write(values, between: "[", "]", to: &text) { $0.write(to: &$1) }
        case .object(let members):
            Self.write(members, between: "{", "}", to: &text) { member, text in
                Self.write(member.0, to: &text)
                text += ":"
                member.1.write(to: &text)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], between open: String, _ close: String, to text: inout String,
        element: (Element, inout String) -> Void
    ) {
        text += open
        for (offset, value) in elements.enumerated() {
            if offset > 0 { text += "," }
            element(value, &text)
        }
        text += close
    }

    private static func write(_ value: Double, to text: inout String) {
        if !value.isFinite {
            text += "null"
        } else if value == value.rounded() && abs(value) < 1e15 {
            text += String(Int(value))
        } else {
            text += value.description
        }
    }

    private static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "<", "\u{2028}", "\u{2029}", "\0"..<" ": text += String(format: "\\u%04x", scalar.value)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
