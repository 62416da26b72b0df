internal import Foundation
internal import Sampling

/// The JSON of one answer, whole or in pieces.
struct EngineAnswer {
    let call: EngineCall
    private let modelName: String
    private let name: String
    private let created: Int
    private let tokenStart: String
    private let tokenEnd: String

    /// - Parameters:
    ///   - call: that is answered.
    ///   - number: unique in the process.
    ///   - created: seconds since 1970.
    ///   - modelName: what answered.
    init(_ call: EngineCall, number: UInt32, created: Int, modelName: String) {
        self.call = call
        self.modelName = JSONText.quoted(modelName)
        self.created = created
        name = (call.kind == .chat ? "chatcmpl-" : "cmpl-") + "emulated-\(number)"
        let object = call.kind == .chat ? "chat.completion.chunk" : "text_completion"
        let start =
            "data: {\"id\":\"\(name)\",\"object\":\"\(object)\",\"created\":\(created),\"model\":\(self.modelName),\"choices\":["
        tokenStart =
            start + (call.kind == .chat ? "{\"index\":0,\"delta\":{\"content\":\"" : "{\"index\":0,\"text\":\"")
        tokenEnd =
            (call.kind == .chat ? "\"}" : "\"") + ",\"logprobs\":null,\"finish_reason\":null}]}\n\n"
        eventStart = start
    }

    private let eventStart: String

    // MARK: Server-sent events

    /// What comes before the first token.
    var opening: String {
        guard call.kind == .chat else { return "" }
        return eventStart
            + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n"
    }

    /// Adds an event per token.
    func appendTokens(_ indices: Range<Int>, to text: inout String) {
        for index in indices {
            text += tokenStart
            text += EmulatedText.token(index)
            text += tokenEnd
        }
    }

    /// What comes after the last token.
    func closing(_ reason: FinishReason, _ usage: EngineUsage) -> String {
        let empty = call.kind == .chat ? "\"delta\":{}" : "\"text\":\"\""
        var text =
            eventStart + "{\"index\":0,\(empty),\"logprobs\":null,\"finish_reason\":\"\(reason.rawValue)\"}]}\n\n"
        if call.includesUsage { text += eventStart + "],\"usage\":\(Self.usage(usage))}\n\n" }
        return text + "data: [DONE]\n\n"
    }

    // MARK: Whole answers

    func whole(_ reason: FinishReason, _ usage: EngineUsage) -> String {
        switch call.kind {
        case .chat:
            let text = JSONText.quoted(EmulatedText.tokens(usage.outputTokens))
            return object(
                "chat.completion",
                "{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\(text)},\"logprobs\":null,\"finish_reason\":\"\(reason.rawValue)\"}",
                usage)
        case .completion:
            let text = JSONText.quoted(EmulatedText.tokens(usage.outputTokens))
            return object(
                "text_completion",
                "{\"index\":0,\"text\":\(text),\"logprobs\":null,\"finish_reason\":\"\(reason.rawValue)\"}", usage)
        case .embedding(let form): return embeddings(form, usage)
        }
    }

    private func object(_ object: String, _ choice: String, _ usage: EngineUsage) -> String {
        "{\"id\":\"\(name)\",\"object\":\"\(object)\",\"created\":\(created),\"model\":\(modelName),\"choices\":[\(choice)],\"usage\":\(Self.usage(usage))}"
    }

    private static func usage(_ usage: EngineUsage) -> String {
        "{\"prompt_tokens\":\(usage.promptTokens),\"completion_tokens\":\(usage.outputTokens),\"total_tokens\":\(usage.promptTokens + usage.outputTokens),\"prompt_tokens_details\":{\"cached_tokens\":\(usage.cachedTokens)}}"
    }

    // MARK: Embeddings

    private func embeddings(_ form: EngineCall.EmbeddingForm, _ usage: EngineUsage) -> String {
        let data = form.inputs.enumerated().map { index, seed in
            let vector = Self.vector(seed, dimensions: form.dimensions)
            let value = form.isBase64 ? Self.base64(vector) : "[\(vector.map(\.description).joined(separator: ","))]"
            return "{\"object\":\"embedding\",\"index\":\(index),\"embedding\":\(value)}"
        }
        return
            "{\"object\":\"list\",\"model\":\(modelName),\"data\":[\(data.joined(separator: ","))],\"usage\":{\"prompt_tokens\":\(usage.promptTokens),\"total_tokens\":\(usage.promptTokens)}}"
    }

    /// A direction drawn evenly, of length 1.
    private static func vector(_ seed: UInt64, dimensions: Int) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        let values = (0..<dimensions).map { _ in generator.normal() }
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return values.map { Float($0 / length) }
    }

    private static func base64(_ vector: [Float]) -> String {
        let bytes = vector.flatMap { value in
            withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
        }
        return "\"\(Data(bytes).base64EncodedString())\""
    }
}
