internal import Foundation

/// A workload on a profile whose capacity is checked.
struct CapacityCase {
    /// Where lengths come from.
    enum Lengths {
        /// A measured trace.
        case file(URL)
        /// Lognormal: medians and sigmas of prompts and outputs.
        case spread(prompt: (Double, Double), output: (Double, Double))
        /// All the same.
        case equal(prompt: Int, output: Int)
        /// No language model.
        case service
    }

    var name: String
    var lengths: Lengths
    /// Options of `tideway capacity`.
    var options: [String]
    /// Whether the formula's constants were fitted to it.
    var isFitted = false
    /// Whether there is less time between tokens than an iteration with prefill takes.
    var isTight = false

    private init(
        _ shape: String, _ lengths: Lengths, _ profile: String, ttft: String, itl: String, attainment: Double = 0.99,
        more: [String] = [], isFitted: Bool = false
    ) {
        name = "\(shape), \(profile), \(ttft), \(itl), \(attainment)"
        self.lengths = lengths
        options =
            ["--profile", profile, "--slo-ttft", ttft, "--slo-itl", itl, "--attainment", "\(attainment)"] + more
        self.isFitted = isFitted
    }

    private init(service: String, concurrency: Int, limit: String, attainment: Double = 0.99) {
        name = "service of \(service), \(concurrency) at once, \(limit), \(attainment)"
        lengths = .service
        options = [
            "--service-time", service, "--concurrency", "\(concurrency)", "--slo-latency", limit, "--attainment",
            "\(attainment)",
        ]
    }

    private static let conversation = Lengths.file(Places.azureConversation)
    private static let code = Lengths.file(Places.azureCode)
    private static let chat = Lengths.spread(prompt: (200, 0.8), output: (150, 0.7))
    private static let mixed = Lengths.spread(prompt: (700, 1.1), output: (150, 0.9))
    private static let retrieval = Lengths.spread(prompt: (5000, 0.6), output: (200, 0.6))
    private static let reasoning = Lengths.spread(prompt: (400, 0.9), output: (900, 0.7))
    private static let summary = Lengths.spread(prompt: (3000, 0.8), output: (80, 0.5))
    private static let agent = Lengths.spread(prompt: (9000, 0.5), output: (120, 0.9))
    private static let short = Lengths.spread(prompt: (300, 1), output: (30, 0.6))
    private static let tool = Lengths.spread(prompt: (2000, 0.7), output: (25, 0.9))
    private static let label = Lengths.spread(prompt: (1200, 0.5), output: (4, 0.5))
    private static let embedding = Lengths.spread(prompt: (600, 0.8), output: (1, 0))
    private static let equal = Lengths.equal(prompt: 1000, output: 200)

    static let all: [CapacityCase] = heldOut + fitted + (tightHeldOut + tightFitted).map(\.tight)

    private static let heldOut = [
        CapacityCase("code", code, "8b-a100", ttft: "1s", itl: "50ms"),
        CapacityCase("code", code, "70b-h100x4", ttft: "1s", itl: "50ms"),
        CapacityCase("conversation", conversation, "8b-h100", ttft: "1s", itl: "50ms"),
        CapacityCase("conversation", conversation, "gpt-oss-120b-h100x2", ttft: "1s", itl: "50ms"),
        CapacityCase(
            "agent, 9 of 10 tokens cached", agent, "70b-fp8-h100x4", ttft: "2s", itl: "50ms",
            more: ["--cached-share", "0.9"]),
        CapacityCase("mixed", mixed, "32b-h100x2", ttft: "1s", itl: "40ms"),
        CapacityCase("retrieval", retrieval, "8b-a100", ttft: "2s", itl: "60ms", attainment: 0.95),
        CapacityCase("chat", chat, "70b-fp8-h200x4", ttft: "1s", itl: "30ms"),
        CapacityCase("short", short, "8b-a100", ttft: "1s", itl: "50ms"),
        CapacityCase("reasoning", reasoning, "8b-fp8-h200", ttft: "1s", itl: "50ms", attainment: 0.999),
        CapacityCase("summary", summary, "32b-fp8-h100", ttft: "2s", itl: "80ms"),
        CapacityCase("summary", summary, "70b-fp8-h200x4", ttft: "500ms", itl: "30ms"),
        CapacityCase("code", code, "32b-h100x2", ttft: "1s", itl: "60ms", attainment: 0.98),
        CapacityCase("mixed", mixed, "70b-fp8-h100x4", ttft: "500ms", itl: "40ms"),
        CapacityCase("retrieval", retrieval, "70b-h100x4", ttft: "3s", itl: "70ms"),
        CapacityCase("embedding", embedding, "8b-h100", ttft: "500ms", itl: "50ms"),
        CapacityCase("equal", equal, "32b-fp8-h100", ttft: "1s", itl: "50ms"),
        CapacityCase(service: "1s", concurrency: 4, limit: "5s"),
        CapacityCase(service: "100ms", concurrency: 2, limit: "300ms", attainment: 0.95),
    ]

    private var tight: CapacityCase {
        var copy = self
        copy.isTight = true
        return copy
    }

    private static let tightHeldOut = [
        CapacityCase("code", code, "70b-h100x4", ttft: "1s", itl: "38ms"),
        CapacityCase("tool", tool, "32b-fp8-h100", ttft: "2s", itl: "28ms"),
        CapacityCase("label", label, "8b-h100", ttft: "1s", itl: "18ms"),
        CapacityCase("summary", summary, "70b-h100x4", ttft: "2s", itl: "40ms"),
        CapacityCase("short", short, "gpt-oss-120b-h100x2", ttft: "1s", itl: "12ms"),
        CapacityCase("conversation", conversation, "32b-fp8-h100", ttft: "1s", itl: "24ms"),
        CapacityCase("agent", agent, "8b-h100", ttft: "3s", itl: "17ms"),
        CapacityCase("chat", chat, "70b-h100x4", ttft: "1s", itl: "32ms"),
    ]

    private static let tightFitted = [
        CapacityCase("code", code, "8b-a100", ttft: "2s", itl: "38ms", isFitted: true),
        CapacityCase("label", label, "32b-h100x2", ttft: "2s", itl: "35ms", isFitted: true),
        CapacityCase("tool", tool, "32b-h100x2", ttft: "2s", itl: "30ms", isFitted: true),
        CapacityCase("mixed", mixed, "70b-fp8-h100x4", ttft: "2s", itl: "28ms", isFitted: true),
        CapacityCase("agent", agent, "8b-a100", ttft: "2s", itl: "32ms", isFitted: true),
    ]

    private static let fitted = [
        CapacityCase("conversation", conversation, "8b-a100", ttft: "1s", itl: "50ms", isFitted: true),
        CapacityCase("conversation", conversation, "70b-h100x4", ttft: "1s", itl: "50ms", isFitted: true),
        CapacityCase("mixed", mixed, "8b-a100", ttft: "2s", itl: "100ms", isFitted: true),
        CapacityCase("mixed", mixed, "70b-a100x4", ttft: "2s", itl: "80ms", attainment: 0.95, isFitted: true),
        CapacityCase("chat", chat, "8b-h100", ttft: "1s", itl: "50ms", isFitted: true),
        CapacityCase("retrieval", retrieval, "70b-fp8-h100x4", ttft: "2s", itl: "50ms", isFitted: true),
        CapacityCase("reasoning", reasoning, "8b-a100", ttft: "1s", itl: "50ms", isFitted: true),
        CapacityCase("reasoning", reasoning, "32b-h100x2", ttft: "1s", itl: "30ms", isFitted: true),
        CapacityCase("summary", summary, "8b-h100", ttft: "1s", itl: "50ms", isFitted: true),
        CapacityCase("summary", summary, "70b-a100x4", ttft: "3s", itl: "100ms", isFitted: true),
        CapacityCase("short", short, "8b-h100", ttft: "500ms", itl: "30ms", isFitted: true),
        CapacityCase("equal", equal, "8b-h100", ttft: "1s", itl: "30ms", isFitted: true),
        CapacityCase("embedding", embedding, "8b-a100", ttft: "1s", itl: "50ms", isFitted: true),
    ]

    // MARK: Runs

    /// What `tideway capacity --json` writes, as far as it is read here.
    private struct Document: Decodable {
        struct Pool: Decodable {
            var replicas: Int
            var requestsPerSecond: Double
        }

        struct Answer: Decodable {
            var requestsPerSecond: Double
            var dispersion: Double
            var replicas: Int?
            var leastReplicas: Int?
        }

        var prepareSeconds: Double
        var callMicroseconds: Double
        var pools: [Pool]
        var answers: [Answer]
    }

    /// All cells of an order; those without any answer on both sides are left out.
    func cells(
        order: String, loads: [(pool: Int, factor: Double)], _ dispersions: [Double], requests: Int
    ) throws -> [Cell] {
        let base = options + (try lengthOptions()) + ["--dispatch", order]
        let pools = try document(base + ["--rate", "1"], "\(name)-\(order)-pools").pools
        let rates = loads.compactMap { load in
            pools.first { $0.replicas == load.pool }.map { $0.requestsPerSecond * load.factor }
        }.filter { $0 > 0 }
        guard !rates.isEmpty else { return [] }
        let asked = base + rates.flatMap { ["--rate", "\($0)"] } + dispersions.flatMap { ["--dispersion", "\($0)"] }
        let found = try document(
            asked + ["--check", "--check-requests", "\(requests)"], "\(name)-\(order)-cells")
        let formula = try document(asked + ["--trial-requests", "0"], "\(name)-\(order)-formula")
        return zip(found.answers, formula.answers).compactMap { answer, uncorrected in
            guard let replicas = answer.replicas, let least = answer.leastReplicas else { return nil }
            return Cell(
                item: self, order: order, dispersion: answer.dispersion, answered: replicas,
                byFormula: uncorrected.replicas, least: least, callMicroseconds: found.callMicroseconds,
                prepareSeconds: found.prepareSeconds, formulaSeconds: formula.prepareSeconds)
        }
    }

    private func document(_ arguments: [String], _ title: String) throws -> Document {
        let file = try Places.scratchFile("capacity/\(Self.fileName(title)).json")
        if !FileManager.default.fileExists(atPath: file.path) {
            try TidewayProcess.run(["capacity"] + arguments + ["--json", file.path])
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Document.self, from: Data(contentsOf: file))
    }

    private static func fileName(_ title: String) -> String {
        String(title.map { $0.isLetter || $0.isNumber || $0 == "." ? $0 : "-" })
    }

    /// Options that give the lengths; made traces are written first.
    private func lengthOptions() throws -> [String] {
        switch lengths {
        case .service: return []
        case .file(let file): return ["--trace", file.path]
        case .equal(let prompt, let output): return ["--prompt-tokens", "\(prompt)", "--output-tokens", "\(output)"]
        case .spread(let prompt, let output):
            let title = "\(prompt.0)-\(prompt.1)-\(output.0)-\(output.1)"
            let file = try Places.scratchFile("capacity/lengths-\(Self.fileName(title)).csv")
            if !FileManager.default.fileExists(atPath: file.path) {
                try TidewayProcess.run([
                    "trace", "make", "--out", file.path, "--duration", "4h", "--rate", "1", "--prompt-median",
                    "\(prompt.0)", "--prompt-sigma", "\(prompt.1)", "--output-median", "\(output.0)", "--output-sigma",
                    "\(output.1)",
                ])
            }
            return ["--trace", file.path]
        }
    }
}
