/// A refusal as OpenAI's interface has them.
struct EngineError: Error, Hashable, Sendable {
    /// Of HTTP.
    var status: Int
    /// The class of the error: what a client library branches on.
    var type: String
    /// Stable, for programs.
    var code: String
    /// The field at fault; nil when it is none.
    var parameter: String?
    /// What was found, and what to do, for people.
    var message: String

    private static func invalid(
        _ code: String, _ parameter: String?, _ message: String, status: Int = 400
    ) -> EngineError {
        EngineError(
            status: status, type: "invalid_request_error", code: code, parameter: parameter, message: message)
    }

    private static func server(_ code: String, status: Int, _ message: String) -> EngineError {
        EngineError(status: status, type: "server_error", code: code, message: message)
    }

    // MARK: The request is wrong

    static let invalidJSON = invalid("invalid_json", nil, "The body is no JSON object; send one.")

    static func field(_ name: String, _ message: String) -> EngineError { invalid("invalid_value", name, message) }

    static func unknownModel(_ name: String, served: String) -> EngineError {
        invalid("model_not_found", "model", "There is no model \(name); this emulator serves \(served).", status: 404)
    }

    static func contextExceeded(prompt: Int, output: Int, limit: Int) -> EngineError {
        let wanted = output > 0 ? " and \(output) for the answer" : ""
        return invalid(
            "context_length_exceeded", "messages",
            "This model's context is \(limit) tokens; the request has \(prompt) in the prompt\(wanted). Shorten it.")
    }

    static func unknownPath(_ path: String) -> EngineError {
        invalid("not_found", nil, "There is nothing at \(path); GET /v1/models shows what is served.", status: 404)
    }

    static func method(_ allowed: String) -> EngineError {
        invalid("method_not_allowed", nil, "Use \(allowed) here.", status: 405)
    }

    static func bodyTooLarge(limit: Int) -> EngineError {
        invalid("body_too_large", nil, "The body is longer than \(limit) bytes; shorten it.", status: 413)
    }

    // MARK: The engine cannot

    static let loading = server("loading", status: 503, "The model is still loading; ask again.")
    static let draining = server("draining", status: 503, "This server is stopping; ask another.")
    static let overloaded = server("overloaded", status: 503, "Too many requests wait here; ask again later.")
    static let fault = server("injected_fault", status: 500, "An error that --error-rate asked for.")
}
