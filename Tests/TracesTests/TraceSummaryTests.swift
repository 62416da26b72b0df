import Testing
import Traces

struct TraceSummaryTests {
    @Test func summary_workedTrace_hasWorkedFigures() throws {
        // Gaps 1, 1, 4: mean 2, variance (1 + 1 + 4) / 3 = 2.
        let text = "timestamp,prompt_tokens,output_tokens\n10,1,5\n11,2,5\n12,3,5\n16,4,2000000\n"
        let summary = TraceSummary(try read(text).trace)
        #expect(summary.count == 4)
        #expect(summary.seconds == 6)
        #expect(summary.rateMean == 4.0 / 6)
        #expect(summary.rateMaxOverSecond == 1)
        #expect(abs(summary.secondPeakToMean - 7.0 / 4) < 1e-12)
        #expect(abs(summary.minutePeakToMean - 1) < 1e-12)
        #expect(abs((summary.gapVariation ?? 0) - 2.squareRoot() / 2) < 1e-12)
        #expect(summary.promptTokens.mean == 2.5)
        // ceil(0.5 x 3) = 2, counted from 0.
        #expect(summary.promptTokens.quantile(0.5) == 3)
        #expect(summary.outputTokens.quantile(0.5) == 5)
        #expect(summary.outputTokens.quantile(0.99) == 2_000_000)
        #expect(summary.outputTokens.max == 2_000_000)
    }

    @Test func summary_oneRequest_hasNoRate() throws {
        let summary = TraceSummary(try read("timestamp,prompt_tokens,output_tokens\n10,1,5\n").trace)
        #expect(summary.rateMean == 0)
        #expect(summary.gapVariation == nil)
    }
}
