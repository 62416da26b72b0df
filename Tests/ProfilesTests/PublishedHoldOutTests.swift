import Foundation
import Performance
import Sampling
import Testing

@testable import Profiles

private let data = ProcessInfo.processInfo.environment["TIDEWAY_DATA"].map { $0 + "/profiles/" }

private func isThere(_ path: String) -> Bool { data.map { FileManager.default.fileExists(atPath: $0 + path) } ?? false }

/// aiconfigurator's measured points, where the shared data is there.
@Suite(
    .enabled(
        if: isThere("aiconfigurator/silicon_sample.csv.gz"),
        "set TIDEWAY_DATA to the directory that holds profiles/aiconfigurator"))
struct PublishedHoldOutTests {
    private func groups() throws -> [BenchmarkTable.Group] {
        var filter = BenchmarkFilter()
        filter.ttftMax = .infinity
        return try BenchmarkTable.groups(
            path: try #require(data) + "aiconfigurator/silicon_sample.csv.gz", filter: filter
        ).filter { FitMeasurement.settings($0.measurements).count >= 8 }
    }

    /// 145 setups with at least 8 settings of at most 256 in flight, 2,552 settings in all.
    @Test func groups_areThoseOfTheDefinition() throws {
        let groups = try groups()
        #expect(groups.count == 145)
        #expect(groups.reduce(0) { $0 + FitMeasurement.settings($1.measurements).count } == 2552)
    }

    /// The whole table is `benchmarks published`; here every twentieth setup.
    @Test func heldOut_aFewSetups_areForetold() throws {
        let some = try groups().enumerated().filter { $0.offset % 20 == 0 }.map(\.element)
        let options = ProfileFit.Options(hasSquareRoot: true, errors: .logarithmic)
        var generator = SeededGenerator(seed: 1)
        let errors = some.flatMap {
            ProfileFit.heldOutErrors(.random, $0.measurements, options: options, using: &generator)
        }
        let decode = try #require(FitErrors(errors.filter { $0.part == .decode }.map(\.error)))
        let prefill = try #require(FitErrors(errors.filter { $0.part == .prefill }.map(\.error)))
        #expect(decode.median < 0.05)
        #expect(prefill.median < 0.2)
    }
}

/// LLMServingSim's kernels of Llama-3.1-8B on an RTX 4090, where the shared data is there.
@Suite(
    .enabled(
        if: isThere("llmservingsim-bench/profiler"),
        "set TIDEWAY_DATA to the directory that holds profiles/llmservingsim-bench"))
struct PublishedKernelsTests {
    /// Another implementation of the same description found c0 16.4 ms, c1 46 us, c2 166 ns, c3 81.5 us; its random steps were
    /// others.
    @Test func fit_ofRandomSteps_isNearAnotherImplementations() throws {
        let folder = try #require(data) + "llmservingsim-bench/profiler/perf/RTX4090/meta-llama/Llama-3.1-8B/bf16/tp1"
        let tables = try KernelTables(folder: folder, setting: .init(layers: 32))
        var generator = SeededGenerator(seed: 1)
        let steps = tables.measurements(1000, sequencesMax: 256, tokensMax: 2048, using: &generator)
        let fit = ProfileFit(steps, options: .init(outlierScale: nil))
        for (coefficient, value) in [(FitCoefficient.c0, 16.4e-3), (.c2, 166e-9), (.c3, 81.5e-6)] {
            #expect(abs(fit[coefficient] / value - 1) < 0.1, "\(coefficient) is \(fit[coefficient])")
        }
    }
}
