import Foundation
import Testing
import TraceFiles
import Traces

/// The folder with real data, named by the environment; nil where it is not there.
let dataFolder = ProcessInfo.processInfo.environment["TIDEWAY_DATA"].flatMap {
    FileManager.default.fileExists(atPath: "\($0)/traces") ? $0 : nil
}

@Suite(.enabled(if: dataFolder != nil, "TIDEWAY_DATA names no folder with real traces"))
struct AzureFileTests {
    private func path(_ relative: String) -> String { "\(dataFolder ?? "")/traces/\(relative)" }

    @Test(arguments: [
        ("azure-llm-2023/AzureLLMInferenceTrace_code.csv", 8_819, 3_436, 2_048.0, 28.0),
        ("azure-llm-2023/AzureLLMInferenceTrace_conv.csv", 19_366, 3_502, 1_155.0, 211.0),
    ])
    func load_azureTrace_hasPublishedFigures(
        file: String, count: Int, seconds: Int, promptMean: Double, outputMean: Double
    ) throws {
        let loaded = try load(path(file))
        #expect(loaded.format == .azure)
        #expect(loaded.trace.count == count)
        #expect(loaded.trace.firstArrival == 0)
        #expect(Int(loaded.trace.lastArrival.rounded()) == seconds)
        var prompt = 0.0
        var output = 0.0
        loaded.trace.forEach {
            prompt += Double($0.promptTokens)
            output += Double($0.outputTokens)
        }
        #expect((prompt / Double(count)).rounded() == promptMean)
        #expect((output / Double(count)).rounded() == outputMean)
    }

    @Test func load_gzippedDerivedTrace_keepsSecondsAsTheyAre() throws {
        let loaded = try load(path("derived/code-1.csv.gz"))
        #expect(loaded.trace.name == "code-1")
        #expect(loaded.trace[0] == RequestRow(arrival: 0.079604, promptTokens: 1_364, outputTokens: 9))
    }

    @Test func summary_codeTrace_hasPublishedBurstiness() throws {
        let summary = TraceSummary(try load(path("azure-llm-2023/AzureLLMInferenceTrace_code.csv")).trace)
        #expect((summary.gapVariation ?? 0).rounded() == 13)
        #expect((summary.minutePeakToMean * 10).rounded() == 42)
        #expect(summary.secondPeakToMean.rounded() == 26)
        let conversation = TraceSummary(try load(path("azure-llm-2023/AzureLLMInferenceTrace_conv.csv")).trace)
        #expect(((conversation.gapVariation ?? 0) * 100).rounded() == 109)
    }

    @Test func codeWeek_threeDays_haveTheExpectedCount() throws {
        var options = TraceReadingOptions()
        options.rate.window = (3 * 86_400)..<(6 * 86_400)
        options.rate.scale = 0.25
        options.rate.lengths = .rows(try load(path("azure-llm-2023/AzureLLMInferenceTrace_code.csv")).trace)
        let loaded = try load(path("azure-llm-2024-digitised/code_week_rpm_5min.csv"), options: options)
        // Rows 864 to 1,727: sum of (low + high) / 2 x 5 minutes x 0.25. A standard deviation is about 6,000, from the
        // draws of 4,320 minutes' rates.
        #expect(abs(Double(loaded.trace.count) - 2_347_230) < 25_000)
        #expect(loaded.trace.firstArrival >= 0 && loaded.trace.lastArrival < 259_200)
        #expect(loaded.trace.lastArrival > 259_190)
    }

    @Test func lengths_ofTheDigitisedWeek_areRead() throws {
        let prompt = try loadTokenDistribution(path("azure-llm-2024-digitised/input_tokens_cdf.csv"), service: "code")
        #expect(prompt.tokens(atShare: 0) == 0)
        #expect(prompt.points.count > 100)
        #expect(prompt.tokens(atShare: 0.9) > 1_000)
        _ = try loadTokenDistribution(path("azure-llm-2024-digitised/output_tokens_cdf.csv"), service: "code")
    }
}
