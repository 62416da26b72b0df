import Foundation
import Performance
import Testing

@testable import Profiles

/// The directory of published measurements, where there is one.
private enum PublishedTables {
    static let directory = ProcessInfo.processInfo.environment["TIDEWAY_DATA"].flatMap { path in
        FileManager.default.fileExists(atPath: path + "/profiles/splitwise-sim/perf_model.csv")
            ? path + "/profiles/" : nil
    }
}

/// Fits of the published tables, where the shared data is there.
@Suite(.enabled(if: PublishedTables.directory != nil, "set TIDEWAY_DATA to the directory that holds profiles/"))
struct PublishedFitTests {
    private static let argonne = "argonne-llm-inference-bench/All_results.csv"
    private static let argonneFirstToken = "argonne-llm-inference-bench/all_results_TTFT_ITL.csv"
    private static let splitwise = "splitwise-sim/perf_model.csv"
    private static let aiconfigurator = "aiconfigurator/silicon_sample.csv.gz"

    private func measurements(
        _ file: String, part: FitMeasurement.Part? = nil, _ change: (inout BenchmarkFilter) -> Void
    ) throws -> [FitMeasurement] {
        var filter = BenchmarkFilter()
        change(&filter)
        let taken = try BenchmarkTable.measurements(
            path: try #require(PublishedTables.directory) + file, filter: filter)
        return taken.measurements.filter { part == nil || $0.part == part }
    }

    private func expect(
        _ fit: ProfileFit, near name: String, _ coefficients: [FitCoefficient], within tolerance: Double = 0.001
    ) throws {
        let profile = try ProfileCatalogue.load(name)
        let shipped = [profile.c0, profile.c1, profile.c2, profile.c3, profile.c4]
        for coefficient in coefficients {
            let error = abs(fit[coefficient] / shipped[coefficient.rawValue] - 1)
            #expect(error < tolerance, "\(name): \(coefficient) is \(fit[coefficient])")
        }
    }

    @Test(arguments: [
        ("8b-a100", "Nvidia A100 GPU", 19, 0.0125), ("8b-h100", "Nvidia H100 GPU", 20, 0.0165),
    ])
    func fit_llama8B_isThePlants(name: String, hardware: String, points: Int, error: Double) throws {
        func choose(_ filter: inout BenchmarkFilter) {
            (filter.models, filter.hardware) = (["meta-llama/Meta-Llama-3-8B"], [hardware])
            (filter.frameworks, filter.accelerators) = (["vLLM"], 1)
            // 64 x 4,096 tokens did not fit the measured A100 of 40 GB.
            if name == "8b-a100" { filter.tokensInFlightMax = 200_000 }
        }
        let times = try measurements(Self.argonne, choose) + measurements(Self.argonneFirstToken, choose)
        let fit = ProfileFit(times, options: .init(known: [.c4: 8e-3], outlierScale: nil))
        #expect(fit.decodeErrors?.count == points)
        #expect((fit.decodeErrors?.mean ?? 1) < error)
        try expect(fit, near: name, [.c0, .c1, .c2, .c3, .c4])
    }

    @Test func fit_llama70BOnFourH100_isThePlants() throws {
        let decode = try measurements(Self.argonne, part: .decode) {
            ($0.models, $0.hardware) = (["meta-llama/Meta-Llama-3-70B"], ["Nvidia H100 GPU"])
            ($0.frameworks, $0.accelerators) = (["vLLM"], 4)
        }
        let prefill = try measurements(Self.splitwise, part: .prefill) {
            ($0.models, $0.hardware, $0.accelerators) = (["llama2-70b"], ["h100-80gb"], 4)
        }
        let fit = ProfileFit(decode + prefill, options: .init(outlierScale: nil))
        #expect((fit.decodeErrors?.mean ?? 1) < 0.0295)
        #expect((fit.prefillErrors?.mean ?? 1) < 0.1295)
        try expect(fit, near: "70b-h100x4", [.c0, .c1, .c2, .c3, .c4])
    }

    @Test func fit_llama70BOnFourA100_isTheShippedProfile() throws {
        let decode = try measurements(Self.argonne, part: .decode) {
            ($0.models, $0.hardware) = (["meta-llama/Llama-2-70b-hf"], ["Nvidia A100 GPU"])
            ($0.frameworks, $0.accelerators, $0.tokensInFlightMax) = (["vLLM"], 4, 9000)
        }
        let prefill = try measurements(Self.splitwise, part: .prefill) {
            ($0.models, $0.hardware, $0.accelerators) = (["llama2-70b"], ["a100-80gb"], 4)
        }
        let fit = ProfileFit(decode + prefill)
        #expect(fit.decodeErrors?.count == 8)
        #expect((fit.decodeErrors?.median ?? 1) < 0.008)
        #expect((fit.prefillErrors?.median ?? 1) < 0.156)
        #expect(fit.warnings.contains(.uncertain(.c2)))
        try expect(fit, near: "70b-a100x4", [.c0, .c1, .c2, .c3, .c4])
    }

    @Test(arguments: [
        ("32b-fp8-h100", "Qwen/Qwen3-32B", "h100_sxm", 1, "trtllm", "fp8", "ep1", 0.025),
        ("32b-h100x2", "Qwen/Qwen3-32B", "h100_sxm", 2, "vllm", "", "ep1", 0.024),
        ("70b-fp8-h100x4", "meta-llama/Llama-3.1-70B", "h100_sxm", 4, "vllm", "fp8", "ep1", 0.013),
        ("70b-fp8-h200x4", "meta-llama/Llama-3.1-70B", "h200_sxm", 4, "vllm", "fp8", "ep1", 0.027),
        ("gpt-oss-120b-h100x2", "openai/gpt-oss-120b", "h100_sxm", 2, "vllm", "fp4", "ep1", 0.055),
        ("8b-fp8-h200", "meta-llama/Llama-3.1-8B-Instruct", "h200_sxm", 1, "sglang", "fp8", "ep1", 0.028),
    ])
    func fit_closedLoop_isTheShippedProfileWithinItsStatedError(
        name: String, model: String, hardware: String, accelerators: Int, framework: String, precision: String,
        parallelism: String, median: Double
    ) throws {
        let times = try measurements(Self.aiconfigurator) {
            ($0.models, $0.hardware, $0.accelerators) = ([model], [hardware], accelerators)
            ($0.frameworks, $0.precisions, $0.parallelisms) = ([framework], [precision], [parallelism])
            if name == "8b-fp8-h200" { $0.concurrencyMax = 400 }
        }
        let fit = ProfileFit(times)
        #expect((fit.decodeErrors?.median ?? 1) < median)
        try expect(fit, near: name, [.c0, .c1, .c2, .c3], within: 0.01)
    }
}
