/// What a request asks of the engine, its text left out.
struct EngineRequest: Hashable, Sendable {
    var promptTokens: Int
    /// Prompt tokens that a prefix cache is said to hold.
    var cachedTokens = 0
    /// How many tokens to make: `max_tokens`; nil when the request leaves it open.
    var outputTokens: Int?
    /// The answer ends only at `outputTokens`, never by itself.
    var ignoresEnd = false

    init(promptTokens: Int, outputTokens: Int? = nil) {
        self.promptTokens = promptTokens
        self.outputTokens = outputTokens
    }
}

/// Names a request while the engine has it.
typealias EngineRequestID = UInt32

/// Why an answer ended, in OpenAI's words.
enum FinishReason: String, Hashable, Sendable, CaseIterable {
    /// By itself.
    case stop
    /// At the limit that the request set.
    case length
    /// The client went.
    case abort
    /// It was answered with an error.
    case error
}

/// What happens to the engine.
enum EngineEvent {
    case request(EngineRequestID, EngineRequest)
    /// The client has gone.
    case departure(EngineRequestID)
    /// It is the time that `nextTime` gave.
    case timer
    /// Nothing new is to be taken; what runs is finished.
    case drain
}

/// What the shell is to do.
enum EngineDirective: Hashable, Sendable {
    /// So many more tokens of an answer are there.
    case tokens(EngineRequestID, count: Int)
    /// The answer is complete.
    case finish(EngineRequestID, FinishReason, EngineUsage)
    /// The request is refused.
    case refuse(EngineRequestID, EngineError)
    /// The process dies on the spot.
    case crash
    /// The last request is done after a drain was asked for.
    case drained
}

/// Tokens of a request, exactly.
struct EngineUsage: Hashable, Sendable {
    var promptTokens: Int
    var cachedTokens: Int
    var outputTokens: Int
}
