internal import Foundation

/// Reads the JSON bodies of OpenAI's interface, as far as the emulator heeds them. Fields that it does not know are left alone.
struct EngineCallReader {
    /// Bytes of text per token, as is usual for English.
    static let bytesPerToken = 4
    private static let inputLimit = 2048
    private static let dimensionLimit = 8192

    let modelName: String
    /// Values of the headers `x-tideway-prompt-tokens` and `x-tideway-cached-tokens`; nil where there is none.
    var promptTokensHeader: String?
    var cachedTokensHeader: String?

    // MARK: The three kinds

    func chat(_ body: Data) throws(EngineError) -> EngineCall {
        let fields = try object(body)
        guard let messages = fields["messages"] as? [[String: Any]], !messages.isEmpty else {
            throw .field("messages", "`messages` must be a list of at least one message.")
        }
        var bytes = 0
        for message in messages { bytes += try textBytes(message["content"]) }
        return try generation(.chat, fields, promptTokens: Self.tokens(bytes: bytes))
    }

    func completion(_ body: Data) throws(EngineError) -> EngineCall {
        let fields = try object(body)
        let prompts = try inputs(fields["prompt"], named: "prompt")
        guard prompts.count == 1 else { throw .field("prompt", "This emulator takes one prompt per request.") }
        return try generation(.completion, fields, promptTokens: prompts[0].tokens)
    }

    func embedding(_ body: Data) throws(EngineError) -> EngineCall {
        let fields = try object(body)
        let inputs = try inputs(fields["input"], named: "input")
        var form = EngineCall.EmbeddingForm(inputs: inputs.map(\.hash))
        form.isBase64 = fields["encoding_format"] as? String == "base64"
        if let dimensions = try count(fields, "dimensions", 1...Self.dimensionLimit) { form.dimensions = dimensions }
        let counted = inputs.reduce(0) { $0 + $1.tokens }
        var request = EngineRequest(promptTokens: counted, outputTokens: 1)
        try applyStatedTokens(fields, to: &request)
        return EngineCall(kind: .embedding(form), request: request)
    }

    // MARK: What chat and completions share

    private func generation(
        _ kind: EngineCall.Kind, _ fields: [String: Any], promptTokens: Int
    ) throws(EngineError) -> EngineCall {
        var request = EngineRequest(promptTokens: promptTokens)
        try applyStatedTokens(fields, to: &request)
        let tokens = 1...Int(Int32.max)
        request.outputTokens = try count(fields, "max_tokens", tokens)
        if let limit = try count(fields, "max_completion_tokens", tokens) { request.outputTokens = limit }
        request.ignoresEnd = try flag(fields, "ignore_eos")
        guard try count(fields, "n", 1...Int(Int32.max)) ?? 1 == 1 else {
            throw .field("n", "This emulator gives one choice per request.")
        }
        var call = EngineCall(kind: kind, request: request)
        call.isStreamed = try flag(fields, "stream")
        if let options = fields["stream_options"] as? [String: Any] {
            call.includesUsage = try flag(options, "include_usage")
        }
        return call
    }

    /// The counts that the sender states win over those made from the text.
    private func applyStatedTokens(_ fields: [String: Any], to request: inout EngineRequest) throws(EngineError) {
        let prompt = try stated("x-tideway-prompt-tokens", promptTokensHeader, fields, 1...Int(Int32.max))
        if let prompt { request.promptTokens = prompt }
        let cached = try stated("x-tideway-cached-tokens", cachedTokensHeader, fields, 0...Int(Int32.max))
        if let cached { request.cachedTokens = cached }
    }

    private func stated(
        _ name: String, _ header: String?, _ fields: [String: Any], _ range: ClosedRange<Int>
    ) throws(EngineError) -> Int? {
        guard let header else { return try count(fields, name, range) }
        guard let value = Int(header), range.contains(value) else { throw Self.outside(name, range) }
        return value
    }

    // MARK: Fields

    private func object(_ body: Data) throws(EngineError) -> [String: Any] {
        guard let fields = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] else {
            throw .invalidJSON
        }
        guard let model = fields["model"], !(model is NSNull) else { return fields }
        guard let name = model as? String else { throw .field("model", "`model` must be a string.") }
        guard name == modelName else { throw .unknownModel(name, served: modelName) }
        return fields
    }

    private func count(
        _ fields: [String: Any], _ name: String, _ range: ClosedRange<Int>
    ) throws(EngineError) -> Int? {
        guard let value = fields[name], !(value is NSNull) else { return nil }
        guard !Self.isBoolean(value), let number = value as? Int, range.contains(number) else {
            throw Self.outside(name, range)
        }
        return number
    }

    private func flag(_ fields: [String: Any], _ name: String) throws(EngineError) -> Bool {
        guard let value = fields[name], !(value is NSNull) else { return false }
        guard Self.isBoolean(value), let flag = value as? Bool else {
            throw .field(name, "`\(name)` must be true or false.")
        }
        return flag
    }

    private static func outside(_ name: String, _ range: ClosedRange<Int>) -> EngineError {
        .field(name, "`\(name)` must be a whole number from \(range.lowerBound) to \(range.upperBound).")
    }

    /// JSON's numbers and booleans are of one class, which casts either to the other.
    private static func isBoolean(_ value: Any) -> Bool {
        guard let number = value as? NSNumber else { return false }
        return String(cString: number.objCType) == "c"
    }

    // MARK: Text

    private static func tokens(bytes: Int) -> Int { max((bytes + bytesPerToken - 1) / bytesPerToken, 1) }

    /// Bytes of a message's content: text, or parts of which some are text.
    private func textBytes(_ content: Any?) throws(EngineError) -> Int {
        switch content {
        case nil, is NSNull: return 0
        case let text as String: return text.utf8.count
        case let parts as [[String: Any]]:
            return parts.reduce(0) { $0 + (($1["text"] as? String)?.utf8.count ?? 0) }
        default: throw .field("messages", "The `content` of a message must be text or a list of parts.")
        }
    }

    private struct Input {
        var tokens: Int
        var hash: UInt64
    }

    /// A text, a list of token ids, or a list of either.
    private func inputs(_ value: Any?, named name: String) throws(EngineError) -> [Input] {
        if let text = value as? String { return [Self.input(text)] }
        if let tokens = value as? [Int], !tokens.isEmpty { return [Self.input(tokens)] }
        guard let list = value as? [Any], !list.isEmpty, list.count <= Self.inputLimit else {
            throw .field(name, "`\(name)` must be text, token ids, or a list of 1 to \(Self.inputLimit) of them.")
        }
        var inputs: [Input] = []
        for element in list {
            if let text = element as? String {
                inputs.append(Self.input(text))
            } else if let tokens = element as? [Int], !tokens.isEmpty {
                inputs.append(Self.input(tokens))
            } else {
                throw .field(name, "Each element of `\(name)` must be text or token ids.")
            }
        }
        return inputs
    }

    private static func input(_ text: String) -> Input {
        Input(tokens: tokens(bytes: text.utf8.count), hash: hash(text.utf8.lazy.map(UInt64.init)))
    }

    private static func input(_ tokens: [Int]) -> Input {
        Input(tokens: tokens.count, hash: hash(tokens.lazy.map { UInt64(bitPattern: Int64($0)) }))
    }

    /// FNV-1a (Fowler, Noll, Vo): the same text has the same vector in every process.
    private static func hash(_ values: some Sequence<UInt64>) -> UInt64 {
        values.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ $1) &* 0x100_0000_01b3 }
    }
}
