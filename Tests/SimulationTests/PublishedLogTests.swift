import Fleet
import Foundation
import Performance
import Profiles
import Routing
import Sampling
import Simulation
import Testing
import Traces

private let published = URL(filePath: ProcessInfo.processInfo.environment["TIDEWAY_DATA"] ?? "../shared").appending(
    path: "profiles/llmservingsim-bench")

/// vLLM's log of Llama-3.1-8B on an RTX 4090 (LLMServingSim), whose memory overflows, where the shared data is there. All logs:
/// `benchmarks published`.
@Suite(
    .enabled(
        if: FileManager.default.fileExists(atPath: published.path),
        "set TIDEWAY_DATA to the directory that holds profiles/llmservingsim-bench"))
struct PublishedLogTests {
    private struct Request: Decodable {
        var inputToks: UInt32
        var outputToks: UInt32
        var queuedTs: Double
        var firstTokenTs: Double
        var lastTokenTs: Double
    }

    private func requests() throws -> [Request] {
        let file = published.appending(path: "RTX4090/Llama-3.1-8B/vllm/requests.jsonl")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
            try decoder.decode(Request.self, from: Data($0.utf8))
        }.sorted { $0.queuedTs < $1.queuedTs }
    }

    /// 256 sequences, 2,048 tokens a step, 2,588 blocks of 16 tokens.
    private func profile() throws -> PerformanceProfile {
        let kernels = published.appending(path: "profiler/perf/RTX4090/meta-llama/Llama-3.1-8B/bf16/tp1")
        let tables = try KernelTables(folder: kernels.path, setting: .init(layers: 32))
        var generator = SeededGenerator(seed: 1)
        let steps = tables.measurements(1000, sequencesMax: 256, tokensMax: 2048, using: &generator)
        let fit = ProfileFit(steps, options: .init(outlierScale: nil))
        return PerformanceProfile(
            name: "8b-4090", accelerators: 1, decode: (fit[.c0], fit[.c1], fit[.c2]),
            prefill: (fit[.c3], fit[.c4]), chunkTokens: 2048, maxBatch: 256, kvTokens: 2588 * 16, backlogSeconds: 0.25,
            power: .assumed, price: Price(perAcceleratorHour: 0))
    }

    private func outcome(_ memory: MemoryRule, _ requests: [Request]) throws -> SimulationOutcome {
        let start = requests[0].queuedTs
        let trace = SmallPlant.trace(requests.map { ($0.queuedTs - start, $0.inputToks, $0.outputToks) })
        var options = SimulationOptions()
        options.binding = .early
        options.memory = memory
        return Simulator(
            trace: trace, profile: try profile(), policy: ScheduledSteps(steps: []), options: options
        ).run().outcome
    }

    @Test func log_withPreemption_isReproduced() throws {
        let requests = try requests()
        let ttft = requests.reduce(0) { $0 + $1.firstTokenTs - $1.queuedTs } / Double(requests.count)
        let itl =
            requests.reduce(0) { $0 + ($1.lastTokenTs - $1.firstTokenTs) / Double($1.outputToks - 1) }
            / Double(requests.count)
        let onDemand = try outcome(.onDemand, requests)
        #expect(abs((onDemand.ttftMean ?? 0) / ttft - 1) < 0.12)
        #expect(abs((onDemand.itlMean ?? 0) / itl - 1) < 0.07)
        #expect(onDemand.preemptions > 100)
        // Memory reserved for whole answers is another engine: a fifth less time between tokens.
        #expect((try outcome(.reserved, requests).itlMean ?? 0) / itl < 0.9)
    }
}
