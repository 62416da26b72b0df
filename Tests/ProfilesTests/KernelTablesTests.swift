import Foundation
import Performance
import Sampling
import Testing

@testable import Profiles

/// Times of single layers put together into steps.
struct KernelTablesTests {
    /// Two layers: a projection of 10 us + 1 us a token, a norm of 2 us, attention of 4 us a sequence and 1 us for each 16 tokens
    /// prefilled; an embedding of 100 us and a head of 50 us + 10 us a sequence once.
    private static let tables = [
        "dense.csv": "layer,tokens,time_us\nembedding,1,100\nembedding,64,100\nproj,1,11\nproj,64,74\n"
            + "layernorm,1,2\nlayernorm,64,2\n",
        "per_sequence.csv": "layer,sequences,time_us\nlm_head,1,60\nlm_head,8,130\n",
        "attention.csv": "prefill_chunk,kv_prefill,n_decode,kv_decode,time_us\n0,0,1,16,4\n0,0,2,16,8\n0,0,1,32,6\n"
            + "0,0,2,32,12\n16,0,0,0,1\n32,0,0,0,2\n16,0,1,16,5\n16,0,2,16,9\n24,0,1,16,99\n",
    ]

    private func withFolder<Result>(
        _ tables: [String: String], _ body: (String) throws -> Result
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kernels-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in tables {
            try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
        return try body(folder.path)
    }

    private func seconds(
        _ step: KernelTables.Step, _ change: (inout KernelTables.Setting) -> Void = { _ in }
    ) throws -> Double? {
        try withFolder(Self.tables) { folder in
            var setting = KernelTables.Setting(layers: 2)
            change(&setting)
            return try KernelTables(folder: folder, setting: setting).seconds(step)
        }
    }

    private func isNear(_ value: Double?, _ microseconds: Double) -> Bool {
        value.map { abs($0 * 1e6 - microseconds) < 1e-6 } ?? false
    }

    @Test func step_onAGridPoint_isTheSumOfItsLayers() throws {
        let step = KernelTables.Step(sequences: 2, contextTokens: 16, prefillTokens: 0, prefilledTokens: 0)
        // A layer: 12 + 2 x 2 + 8 us. Once: 100 + 70 us.
        #expect(isNear(try seconds(step), 2 * 24 + 170))
    }

    @Test func step_betweenGridPoints_isInterpolated() throws {
        let step = KernelTables.Step(sequences: 2, contextTokens: 24, prefillTokens: 0, prefilledTokens: 0)
        #expect(isNear(try seconds(step), 2 * (16 + 10) + 170))
    }

    /// The point at 24 tokens is not of the grid of powers of two.
    @Test func step_mixed_countsAllTokensAndTheSampledPrompt() throws {
        let step = KernelTables.Step(sequences: 1, contextTokens: 16, prefillTokens: 16, prefilledTokens: 0)
        // 17 tokens: 27 + 4 + 5 us a layer; two sequences sampled.
        #expect(isNear(try seconds(step), 2 * 36 + 170))
    }

    @Test func step_onTwoAccelerators_exchangesTwiceALayer() throws {
        let step = KernelTables.Step(sequences: 2, contextTokens: 16, prefillTokens: 0, prefilledTokens: 0)
        // 4 exchanges of 20 us + 2 tokens x 3 us.
        let time = try seconds(step) {
            $0.allReduceSeconds = 20e-6
            $0.allReduceSecondsPerToken = 3e-6
        }
        #expect(isNear(time, 2 * 24 + 170 + 4 * 26))
    }

    /// 4 experts, one of them for each token: two tokens call upon 4 (1 - (3/4)^2) = 1.75 of them, which take 10 us each.
    @Test func step_ofAMixture_paysForTheExpertsCalledUpon() throws {
        var tables = Self.tables
        tables["moe.csv"] = "tokens,activated_experts,time_us\n1,1,10\n2,1,10\n2,4,40\n"
        let step = KernelTables.Step(sequences: 2, contextTokens: 16, prefillTokens: 0, prefilledTokens: 0)
        let time = try withFolder(tables) { folder in
            try KernelTables(folder: folder, setting: .init(layers: 2)).seconds(step)
        }
        #expect(isNear(time, 2 * (24 + 17.5) + 170))
    }

    @Test func tables_missing_areNamed() throws {
        var tables = Self.tables
        tables["attention.csv"] = nil
        let error = try #require(throws: BenchmarkError.self) {
            try withFolder(tables) { try KernelTables(folder: $0, setting: .init(layers: 2)) }
        }
        #expect(error.code == .unreadableFile)
        #expect(error.file.hasSuffix("attention.csv"))
    }

    @Test func tables_withABadCell_areRefused() throws {
        var tables = Self.tables
        tables["attention.csv"]? += "16,0,-1,16,5\n"
        let error = try #require(throws: BenchmarkError.self) {
            try withFolder(tables) { try KernelTables(folder: $0, setting: .init(layers: 2)) }
        }
        #expect(error.code == .badValue)
        #expect(error.column == "n_decode")
        #expect(error.line == 11)
    }

    @Test func measurements_areTheSameForASeed_andWithinTheirLimits() throws {
        try withFolder(Self.tables) { folder in
            let tables = try KernelTables(folder: folder, setting: .init(layers: 2))
            func drawn(_ seed: UInt64) -> [FitMeasurement] {
                var generator = SeededGenerator(seed: seed)
                return tables.measurements(50, sequencesMax: 8, tokensMax: 64, using: &generator)
            }
            #expect(drawn(1).count == 50)
            #expect(drawn(1) == drawn(1))
            #expect(drawn(1) != drawn(2))
            for case .step(let sequences, _, let prefill, _, _) in drawn(3) { #expect(sequences + prefill <= 64) }
        }
    }
}
