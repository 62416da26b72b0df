/// Answers that need no engine.
enum EnginePages {
    /// What stands in the headers, in lists and in texts, so that nobody takes it for a model server.
    static let serverName = "tideway-emulator"

    static func models(_ name: String, created: Int, contextTokens: Int) -> String {
        "{\"object\":\"list\",\"data\":[{\"id\":\(JSONText.quoted(name)),\"object\":\"model\",\"created\":\(created),\"owned_by\":\"\(serverName)\",\"max_model_len\":\(contextTokens)}]}"
    }

    static func error(_ error: EngineError) -> String {
        "{\"error\":{\"message\":\(JSONText.quoted(error.message)),\"type\":\"\(error.type)\",\"param\":\(JSONText.quoted(orNull: error.parameter)),\"code\":\"\(error.code)\"}}"
    }
}
