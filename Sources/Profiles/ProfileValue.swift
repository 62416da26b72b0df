/// A value of a profile file before its key has been looked at.
enum ProfileValue: Decodable, Hashable, Sendable {
    case number(Double)
    case truth(Bool)
    case text(String)
    case null
    /// A list or an object, neither of which a profile has.
    case nested

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let truth = try? container.decode(Bool.self) {
            self = .truth(truth)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if (try? container.decode([ProfileValue].self)) != nil
            || (try? container.decode([String: ProfileValue].self)) != nil
        {
            self = .nested
        } else {
            // A number that does not fit is reported by the decoder itself.
            self = .number(try container.decode(Double.self))
        }
    }

    /// The value as a message shows it.
    var found: String {
        switch self {
        case .number(let number): ProfileWriter.literal(number)
        case .truth(let truth): "\(truth)"
        case .text(let text): "the text \"\(text)\""
        case .null: "null"
        case .nested: "a list or an object"
        }
    }
}
