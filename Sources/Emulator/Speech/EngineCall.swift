/// A request as it came over HTTP, understood.
struct EngineCall: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case chat
        case completion
        case embedding(EmbeddingForm)
    }

    /// How embeddings are wanted.
    struct EmbeddingForm: Hashable, Sendable {
        /// A number per input, from which its vector is made.
        var inputs: [UInt64]
        var dimensions = 64
        /// Base 64 of 32-bit floats instead of numbers.
        var isBase64 = false
    }

    var kind: Kind
    var request: EngineRequest
    /// Token by token, as server-sent events.
    var isStreamed = false
    /// A last event with the token counts.
    var includesUsage = false
}
