import Testing
import Traces

struct BadInputTests {
    private let header = "timestamp,prompt_tokens,output_tokens\n"

    @Test func badTokens_messageNamesPlaceAndRemedy() {
        #expect(
            errorMessage(header + "1,20,30\n2,many,30\n")
                == "a.csv:3:3: prompt_tokens: found \"many\", expected a whole number of tokens. "
                + "Correct the line, or leave such lines out with --skip-bad.")
    }

    @Test func badTimestamp_messageTellsKind() {
        #expect(
            errorMessage(header + "2023-02-29 10:00:00,20,30\n")
                == "a.csv:2:1: timestamp: found \"2023-02-29 10:00:00\", expected seconds or a date such as "
                + "2024-05-10 00:00:00. Correct the line, or leave such lines out with --skip-bad.")
        #expect(
            errorMessage(header + "5,20,30\n2023-02-28,20,30\n").contains("expected a number, as in the lines before"))
        #expect(errorMessage(header + "nan,20,30\n").contains("found \"nan\""))
    }

    @Test func shortLine_messageCountsValues() {
        #expect(
            errorMessage(header + "1,20\n")
                == "a.csv:2:5: found 2 values, expected 3 (timestamp, prompt_tokens, output_tokens). "
                + "Correct the line, or leave such lines out with --skip-bad.")
    }

    @Test func emptyTokens_messageNamesOption() {
        #expect(
            errorMessage(header + "1,,30\n")
                == "a.csv:2:3: prompt_tokens: found nothing, expected a whole number of tokens. "
                + "Fill gaps with --prompt-tokens N, or leave such lines out with --skip-bad.")
    }

    @Test func missingColumn_messageNamesOption() {
        let message = errorMessage("timestamp,tokens\n1,2\n")
        #expect(
            message.hasPrefix(
                "a.csv:1: no column prompt_tokens (found timestamp, tokens; also understood: input_tokens"))
        #expect(
            message.hasSuffix(
                "Give every request a length with --prompt-tokens N and --output-tokens N, or rename the column."))
    }

    @Test func azureAskedFor_messageNamesItsColumn() {
        #expect(
            errorMessage(header + "1,2,3\n", options: TraceReadingOptions(format: .azure))
                == "a.csv:1: no column ContextTokens (found timestamp, prompt_tokens, output_tokens). "
                + "Give every request a length with --prompt-tokens N and --output-tokens N, or rename the column.")
    }

    @Test func noHeader_messageShowsOne() {
        let message = errorMessage("0.5,100,20\n1,2,3\n")
        #expect(message.hasPrefix("a.csv:1:1: found \"0.5,100,20\", expected a header line with a column timestamp."))
    }

    @Test(arguments: ["", "\n\n", "timestamp,prompt_tokens,output_tokens\n"])
    func emptyFile_messageSaysSo(text: String) {
        #expect(errorMessage(text).hasPrefix("a.csv: there is no request in it."))
    }

    @Test func skipBad_countsAndReportsTheFirst() throws {
        let options = TraceReadingOptions(skipsBadRows: true)
        let loaded = try read(header + "1,20,30\n2,many,30\nx,1,1\n3,1,1\n4\n", options: options)
        #expect(loaded.trace.arrivals == [1, 3])
        #expect(loaded.skippedCount == 3)
        #expect(
            loaded.notes == [
                "Left out 3 bad rows. The first: a.csv:3: prompt_tokens: found \"many\", expected a whole number of tokens."
            ])
    }

    @Test func skipBad_everyRowBad_isAnError() {
        let message = errorMessage(header + "x,1,1\n", options: TraceReadingOptions(skipsBadRows: true))
        #expect(message.hasPrefix("a.csv: there is no request in it (1 bad rows were left out)."))
    }

    @Test func endlessLine_endsAtTheLimit() {
        let message = errorMessage(header + String(repeating: "1", count: ReadingLimits.lineBytesMax + 1))
        #expect(message.hasPrefix("a.csv:2: the line is longer than 1048576 bytes."))
    }

    @Test func longValue_isCutInTheMessage() {
        let message = errorMessage(header + "1,\(String(repeating: "y", count: 5_000)),2\n")
        #expect(message.contains("found \"\(String(repeating: "y", count: ReadingLimits.quotedCharactersMax))...\""))
    }
}
