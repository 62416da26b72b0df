internal import Foundation
internal import NIOHTTP1

/// What a request asks for, by method and path.
enum EngineRoute: Hashable {
    case health
    case models
    case metrics
    case chat
    case completion
    case embedding

    private static let gets: [String: EngineRoute] = [
        "/health": .health, "/v1/models": .models, "/metrics": .metrics,
    ]
    private static let posts: [String: EngineRoute] = [
        "/v1/chat/completions": .chat, "/v1/completions": .completion, "/v1/embeddings": .embedding,
    ]

    /// - Parameter head: of the request; what follows a question mark is left alone.
    /// - Throws: 404 for an unknown path, 405 for a known one with another method.
    init(_ head: HTTPRequestHead) throws(EngineError) {
        let path = String(head.uri.prefix { $0 != "?" })
        if let route = Self.gets[path] {
            guard head.method == .GET else { throw .method("GET") }
            self = route
        } else if let route = Self.posts[path] {
            guard head.method == .POST else { throw .method("POST") }
            self = route
        } else {
            throw .unknownPath(String(path.prefix(200)))
        }
    }

    /// Reads the body of one of the three generating routes; nil for the others.
    func call(_ reader: EngineCallReader, _ body: Data) throws(EngineError) -> EngineCall? {
        switch self {
        case .chat: try reader.chat(body)
        case .completion: try reader.completion(body)
        case .embedding: try reader.embedding(body)
        case .health, .models, .metrics: nil
        }
    }
}
