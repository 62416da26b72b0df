import Foundation
import Testing
import TraceFiles
import Traces

/// The folder with real data, named by the environment.
let dataFolder = ProcessInfo.processInfo.environment["TIDEWAY_DATA"]

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
}
