import Testing
import Traces

struct MooncakeTests {
    private let text = """
        {"timestamp": 0, "input_length": 1200, "output_length": 52, "hash_ids": [1, 2, 3]}
        {"timestamp": 3000, "input_length": 1500, "output_length": 0, "hash_ids": [1, 2, 4]}
        {"extra": {"a": [1, "}"]}, "timestamp": 3500, "input_length": 1024, "output_length": 7, "hash_ids": [1, 2]}
        {"timestamp": 6000, "input_length": 100, "output_length": 7, "hash_ids": [9]}
        """

    @Test func hashes_leadingBlocksSeenBefore_areCached() throws {
        let loaded = try read(text)
        #expect(loaded.format == .mooncake)
        #expect(loaded.trace.rows == [row(0, 1_200, 52), row(3, 1_500, 1), row(3.5, 1_024, 7), row(6, 100, 7)])
        // 1,500 - 2 x 512 = 476; 1,024 tokens are all cached, and one is computed all the same.
        #expect(loaded.trace.uncached == [1_200, 476, 1, 100])
        // (1,024 + 1,023) / 3,824.
        #expect(
            loaded.notes.first
                == "Prompt blocks seen before count as cached, as by a prefix cache without limit: 53.5 % of prompt tokens."
        )
    }

    @Test func hashes_notAskedFor_leaveEverythingUncached() throws {
        var options = TraceReadingOptions()
        options.usesPrefixHashes = false
        let loaded = try read(text, options: options)
        #expect(!loaded.trace.hasUncachedTokens)
        #expect(loaded.trace.uncached == [1_200, 1_500, 1_024, 100])
    }

    @Test func bailianLines_countSecondsAndSmallBlocks() throws {
        let text = """
            {"chat_id": 159, "parent_chat_id": -1, "timestamp": 61.114, "input_length": 40, "output_length": 132, "hash_ids": [1, 2, 3]}
            {"chat_id": 160, "parent_chat_id": 159, "timestamp": 62.5, "input_length": 50, "output_length": 80, "hash_ids": [1, 2, 9]}
            """
        let loaded = try read(text)
        #expect(loaded.trace.rows == [row(61.114, 40, 132), row(62.5, 50, 80)])
        #expect(loaded.trace.uncached == [40, 18])
    }

    @Test func malformedLine_messageNamesPlace() {
        let good = "{\"timestamp\": 0, \"input_length\": 1, \"output_length\": 1}\n"
        #expect(
            errorMessage(good + "{\"timestamp\": 1, \"input_length\" 5}\n")
                == "a.csv:2:33: JSON: found \"5}\", expected a member \"name\": value. "
                + "Correct the line, or leave such lines out with --skip-bad.")
        #expect(
            errorMessage(good + "{\"timestamp\": 1, \"input_length\": 2}\n").contains("the object has no output_length")
        )
        #expect(
            errorMessage(good + "{\"timestamp\": \"x\", \"input_length\": 2}\n").contains(
                "found \"x\", expected milliseconds"))
        #expect(errorMessage(good + "{\"timestamp\": 1").contains("found nothing, expected the end of the object"))
    }
}
