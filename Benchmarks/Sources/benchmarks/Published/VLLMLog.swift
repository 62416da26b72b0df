internal import Foundation

/// One of the logs of vLLM that LLMServingSim publishes, and what is known of the engine that wrote it.
struct VLLMLog {
    var name: String
    /// Below `profiles/llmservingsim-bench`.
    var log: String
    var kernels: String
    /// Options of `tideway profile fit-kernels`.
    var kernelOptions: [String]
    /// vLLM's max_num_seqs.
    var sequencesMax: Int
    /// Tokens of context that fit in memory.
    var kvTokens: Int
    var replicas = 1
    /// Whether its errors count.
    var isJudged = true

    /// max_num_batched_tokens is 2,048 everywhere. The RTX 4090's memory is 2,588 blocks of 16 tokens, by the run's own
    /// settings; the others' never fills: 0.9 x 96 GiB less the weights, divided by the bytes of a token.
    static let all = [
        VLLMLog(
            name: "RTX 4090, Llama-3.1-8B", log: "RTX4090/Llama-3.1-8B",
            kernels: "RTX4090/meta-llama/Llama-3.1-8B/bf16/tp1", kernelOptions: ["--layers", "32"], sequencesMax: 256,
            kvTokens: 2588 * 16),
        VLLMLog(
            name: "RTX PRO 6000, Llama-3.1-8B", log: "RTXPRO6000/Llama-3.1-8B",
            kernels: "RTXPRO6000/meta-llama/Llama-3.1-8B/bf16/tp1", kernelOptions: ["--layers", "32"],
            sequencesMax: 128, kvTokens: 580_000),
        VLLMLog(
            name: "2 x RTX PRO 6000, Qwen3-32B", log: "RTXPRO6000/Qwen3-32B",
            kernels: "RTXPRO6000/Qwen/Qwen3-32B/bf16/tp2",
            kernelOptions: [
                "--layers", "64", "--accelerators", "2", "--hidden-size", "5120", "--all-reduce-latency", "20",
                "--link-bandwidth", "16",
            ], sequencesMax: 128, kvTokens: 450_000),
        VLLMLog(
            name: "RTX PRO 6000, Qwen3-30B-A3B, 2 replicas", log: "RTXPRO6000/Qwen3-30B-A3B-Instruct-2507",
            kernels: "RTXPRO6000/Qwen/Qwen3-30B-A3B-Instruct-2507/bf16/tp1",
            kernelOptions: ["--layers", "48", "--expert-parallel", "2", "--c6"], sequencesMax: 128, kvTokens: 600_000,
            replicas: 2, isJudged: false),
    ]

    static let folder = Places.data.appending(path: "profiles/llmservingsim-bench")

    /// One request of the log.
    struct Request: Decodable {
        var inputToks: Int
        var outputToks: Int
        var queuedTs: Double
        var firstTokenTs: Double
        var lastTokenTs: Double

        var ttft: Double { firstTokenTs - queuedTs }
        var tpot: Double { outputToks > 1 ? (lastTokenTs - firstTokenTs) / Double(outputToks - 1) : 0 }
    }

    /// The log's requests in the order in which they were queued.
    func requests() throws -> [Request] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = Self.folder.appending(path: log + "/vllm/requests.jsonl")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
            try decoder.decode(Request.self, from: Data($0.utf8))
        }.sorted { $0.queuedTs < $1.queuedTs }
    }

    /// Arrivals and lengths, as a trace.
    func trace(_ requests: [Request]) throws -> URL {
        let start = requests.first?.queuedTs ?? 0
        let rows = requests.map { "\($0.queuedTs - start),\($0.inputToks),\($0.outputToks)" }
        let file = try Places.scratchFile("published/\(log.replacing("/", with: "-")).csv")
        try Data((["timestamp,prompt_tokens,output_tokens"] + rows).joined(separator: "\n").utf8).write(to: file)
        return file
    }

    /// The profile fitted to the kernels alone.
    func profile() throws -> URL {
        let file = try Places.scratchFile("published/\(log.replacing("/", with: "-")).json")
        let folder = Self.folder.appending(path: "profiler/perf/" + kernels)
        try TidewayProcess.run(
            ["profile", "fit-kernels", folder.path] + kernelOptions + [
                "--max-batch", "\(sequencesMax)", "--step-tokens", "2048", "--kv-tokens", "\(kvTokens)", "--price", "0",
                "--name", "published", "--out", file.path,
            ])
        return file
    }
}
