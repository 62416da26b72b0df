internal import Fleet

/// The type of a value and its range.
package enum ValueKind: Hashable, Sendable {
    case boolean
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    /// Bytes.
    case size(ClosedRange<Int>)
    case duration(ClosedRange<Duration>)
    case text(TextForm)
    case choice([String])
    /// A list of texts.
    case texts(TextForm, countMax: Int)
    /// A program and its arguments: a list, or one text that is split at spaces.
    case command
    /// Names and texts.
    case pairs(countMax: Int)

    /// The type in a word or two.
    package var name: String {
        switch self {
        case .boolean: "true or false"
        case .integer: "whole number"
        case .number: "number"
        case .size: "size"
        case .duration: "duration"
        case .text(.address): "host and port"
        case .text(.url): "URL"
        case .text: "text"
        case .choice: "choice"
        case .texts(.url, _): "list of URLs"
        case .texts: "list of texts"
        case .command: "list of texts, or one text"
        case .pairs: "names and texts"
        }
    }

    /// The values that are accepted; empty where the type says it all.
    package var rangeText: String {
        switch self {
        case .boolean, .text, .command: ""
        case .integer(let range): "\(range.lowerBound)…\(range.upperBound)"
        case .number(let range):
            "\(ConfigurationValue.number(range.lowerBound))…\(ConfigurationValue.number(range.upperBound))"
        case .size(let range): "\(ByteSize.text(range.lowerBound))…\(ByteSize.text(range.upperBound))"
        case .duration(let range): "\(TimeLength.text(range.lowerBound))…\(TimeLength.text(range.upperBound))"
        case .choice(let names): names.joined(separator: ", ")
        case .texts(_, let count), .pairs(let count): "at most \(count)"
        }
    }
}

/// Why a value is not of its kind.
struct ValueFailure: Error, Hashable {
    var code: ConfigurationProblem.Code
    var message: String
    var remedy: String
}

extension ValueKind {
    /// The value that a scalar stands for.
    func value(of text: String) throws(ValueFailure) -> ConfigurationValue {
        switch self {
        case .boolean: try Self.boolean(text)
        case .integer(let range): .integer(try integer(text, range))
        case .number(let range): .number(try number(text, range))
        case .size(let range): .bytes(try size(text, range))
        case .duration(let range): .duration(try duration(text, range))
        case .text(let form): .text(try Self.text(text, form))
        case .choice(let names): .text(try Self.choice(text, among: names))
        case .command: .texts(try Self.command(text))
        case .texts, .pairs: throw wrongType("is a single text")
        }
    }

    func wrongType(_ message: String) -> ValueFailure {
        ValueFailure(code: .wrongType, message: message, remedy: remedy)
    }

    /// How to write a value of this kind.
    var remedy: String {
        switch self {
        case .boolean: "write true or false"
        case .integer: "write a whole number within \(rangeText)"
        case .number: "write a number within \(rangeText)"
        case .size: "write a number with a unit within \(rangeText), such as 512KiB, 64MiB or 2GiB"
        case .duration: "write a number with a unit within \(rangeText), such as 500ms, 10s, 5m or 2h"
        case .text(let form): form.expectation
        case .choice(let names): "write one of \(names.joined(separator: ", "))"
        case .texts(.any, _): "write a list, such as [first, second]"
        case .texts(let form, _): "write a list; in each entry \(form.expectation)"
        case .command: "write the program and its arguments as a list, such as [server, --port, \"{port}\"]"
        case .pairs: "write NAME: VALUE lines below it"
        }
    }

    private static func boolean(_ text: String) throws(ValueFailure) -> ConfigurationValue {
        switch text {
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        default: throw ValueKind.boolean.wrongType("\(quoted(text)) is neither true nor false")
        }
    }

    private func integer(_ text: String, _ range: ClosedRange<Int>) throws(ValueFailure) -> Int {
        guard let number = Int(text) else {
            guard let double = Double(text), double.isFinite, double == double.rounded() else {
                throw wrongType("\(quoted(text)) is not a whole number")
            }
            throw outOfRange(text)
        }
        guard range.contains(number) else { throw outOfRange(text) }
        return number
    }

    private func number(_ text: String, _ range: ClosedRange<Double>) throws(ValueFailure) -> Double {
        guard let number = Double(text), number.isFinite else { throw wrongType("\(quoted(text)) is not a number") }
        guard range.contains(number) else { throw outOfRange(text) }
        return number
    }

    private func size(_ text: String, _ range: ClosedRange<Int>) throws(ValueFailure) -> Int {
        guard let bytes = ByteSize.parse(text) else {
            throw wrongType("\(quoted(text)) is not a size\(Double(text) == nil ? "" : ": it has no unit")")
        }
        guard range.contains(bytes) else { throw outOfRange(text) }
        return bytes
    }

    private func duration(_ text: String, _ range: ClosedRange<Duration>) throws(ValueFailure) -> Duration {
        guard let duration = TimeLength.parse(text) else {
            throw wrongType("\(quoted(text)) is not a duration\(Double(text) == nil ? "" : ": it has no unit")")
        }
        guard range.contains(duration) else { throw outOfRange(text) }
        return duration
    }

    private func outOfRange(_ text: String) -> ValueFailure {
        ValueFailure(code: .outOfRange, message: "\(quoted(text)) is outside \(rangeText)", remedy: remedy)
    }

    static func text(_ text: String, _ form: TextForm) throws(ValueFailure) -> String {
        guard form.accepts(text) else {
            throw ValueFailure(code: .malformed, message: "\(quoted(text)) cannot be used", remedy: form.expectation)
        }
        return text
    }

    private static func choice(_ text: String, among names: [String]) throws(ValueFailure) -> String {
        guard names.contains(text) else {
            let nearest = NearestName.of(text, among: names).map { "did you mean \($0)? " } ?? ""
            throw ValueFailure(
                code: .unknownChoice, message: "\(quoted(text)) is not known",
                remedy: "\(nearest)\(nearest.isEmpty ? "write" : "Write") one of \(names.joined(separator: ", "))")
        }
        return text
    }

    static func command(_ text: String) throws(ValueFailure) -> [String] {
        guard let words = CommandWords.split(text) else {
            throw ValueFailure(code: .malformed, message: "a quote is not closed", remedy: ValueKind.command.remedy)
        }
        guard !words.isEmpty, words[0] != "" else {
            throw ValueFailure(code: .malformed, message: "names no program", remedy: ValueKind.command.remedy)
        }
        return words
    }
}

/// A text as it is shown in messages: in quotes, and not endless.
func quoted(_ text: String) -> String {
    let limit = 60
    let line = text.replacing("\n", with: " ")
    return line.count > limit ? "'\(line.prefix(limit))…'" : "'\(line)'"
}
