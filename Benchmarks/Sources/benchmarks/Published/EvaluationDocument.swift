internal import Foundation

/// What `tideway profile evaluate --json` writes, as far as it is used here.
struct EvaluationDocument: Decodable {
    struct Setup: Decodable {
        var model: String
        var hardware: String
        var framework: String
        var precision: String
        var parallelism: String
        var settings: Int
        var heldOut: [HeldOut]
        var closedLoops: [Loop]

        /// The models of the table that are no mixtures of experts.
        var isDense: Bool { model.contains("Llama") || model.hasSuffix("Qwen3-32B") }

        func errors(_ holdOut: String, _ part: String) -> [Double] {
            heldOut.filter { $0.holdOut == holdOut && $0.part == part }.map(\.error)
        }
    }

    struct HeldOut: Decodable {
        var holdOut: String
        /// `itl` or `ttft`.
        var part: String
        /// `|modelled / measured - 1|`.
        var error: Double
    }

    struct Loop: Decodable {
        var promptTokens: Double
        var outputTokens: Double
        var concurrency: Double
        var measuredTtftSeconds: Double?
        var simulatedTtftSeconds: Double
        var measuredItlSeconds: Double?
        var simulatedItlSeconds: Double
    }

    var setups: [Setup]

    init(contentsOf file: URL) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(EvaluationDocument.self, from: Data(contentsOf: file))
    }
}
