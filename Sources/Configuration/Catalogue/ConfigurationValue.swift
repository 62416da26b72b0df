/// What stands behind a key, after its text was understood.
package enum ConfigurationValue: Hashable, Sendable {
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case bytes(Int)
    case duration(Duration)
    case text(String)
    case texts([String])
    case pairs([String: String])
}

extension ConfigurationValue: CustomStringConvertible {
    /// As it would be written in the file, on one line.
    package var description: String {
        switch self {
        case .boolean(let isTrue): "\(isTrue)"
        case .integer(let number): "\(number)"
        case .number(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
        case .bytes(let bytes): ByteSize.text(bytes)
        case .duration(let duration): TimeLength.text(duration)
        case .text(let text): text
        case .texts(let texts): "[\(texts.joined(separator: ", "))]"
        case .pairs(let pairs):
            "{\(pairs.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
        }
    }
}
