import Foundation
import Performance
import Testing

@testable import Profiles

@Suite struct BenchmarkTableTests {
    private func failure(_ text: String, filter: BenchmarkFilter = BenchmarkFilter()) -> BenchmarkError? {
        do throws(BenchmarkError) {
            _ = try filter.select(BenchmarkTable.parse(text, file: "bench.csv"), file: "bench.csv")
            return nil
        } catch {
            return error
        }
    }

    @Test func parse_ownTable_readsBothUnitsAndMissingTimes() throws {
        let text =
            "\u{FEFF}prompt_tokens,output_tokens,concurrency,ttft_ms,itl_seconds\r\n100,10,2,250,0.02\r\n\r\n100,10,4,,0.03\r\n"
        let rows = try BenchmarkTable.parse(text, file: "bench.csv")
        #expect(
            rows.map(\.measurements) == [
                [
                    .firstToken(promptTokens: 100, outputTokens: 10, concurrency: 2, seconds: 0.25),
                    .interToken(promptTokens: 100, outputTokens: 10, concurrency: 2, seconds: 0.02),
                ],
                [.interToken(promptTokens: 100, outputTokens: 10, concurrency: 4, seconds: 0.03)],
            ])
    }

    @Test func parse_throughputInPlaceOfTimesBetweenTokens_isTurnedIntoThem() throws {
        let text = "prompt_tokens,output_tokens,concurrency,ttft_ms,throughput_tokens_per_second\n100,11,4,200,110\n"
        // 4 x 11 tokens at 110/s = 0.4 s, of which 0.2 s before the first token: 0.2 s / 10.
        let measured = try #require(try BenchmarkTable.parse(text, file: "bench.csv").first?.measurements.last)
        #expect(abs(measured.seconds - 0.02) < 1e-12)
        #expect(measured.part == .decode)
    }

    @Test func parse_unknownHeader_listsTheColumnsOfEachKnownTable() {
        let error = failure("a,b\n1,2\n")
        #expect(error?.code == .unknownTable)
        #expect(error?.description.contains("your own benchmark: prompt_tokens, output_tokens, concurrency") == true)
    }

    @Test(arguments: ["fast", "-3", "0", "nan"]) func parse_wrongCell_namesFileLineAndColumn(cell: String) {
        let error = failure("prompt_tokens,output_tokens,concurrency,itl_ms\n10,10,1,20\n10,10,2,\(cell)\n")
        #expect(
            error?.description
                == "bench.csv, line 3, column itl_ms: found \"\(cell)\"; write a number above zero, or leave the cell empty"
        )
    }

    @Test func parse_rowWithoutTimes_saysWhichColumnsToFill() {
        let error = failure("prompt_tokens,output_tokens,concurrency,itl_ms\n10,10,1,\n")
        #expect(error?.line == 2)
        #expect(error?.message.contains("itl_ms") == true)
    }

    @Test func select_twoModels_areNotPooledUnasked() {
        let text = "prompt_tokens,output_tokens,concurrency,itl_ms,model\n10,10,1,20,one-8b\n10,10,1,30,two-8b\n"
        let error = failure(text)
        #expect(error?.code == .ambiguousSelection)
        #expect(error?.message.contains("1 rows: one-8b") == true)
        var filter = BenchmarkFilter()
        filter.models = ["8B"]
        #expect(failure(text, filter: filter)?.code == .ambiguousSelection)
        filter.models = ["one", "two"]
        #expect(failure(text, filter: filter) == nil)
        filter.models = ["three"]
        #expect(failure(text, filter: filter)?.code == .nothingSelected)
    }

    @Test func select_rowsBeyondTheLimits_areCounted() throws {
        let text =
            "prompt_tokens,output_tokens,concurrency,ttft_seconds\n10,10,1,1\n10,10,300,1\n10,10,2,11\n900,100,2,1\n"
        var filter = BenchmarkFilter()
        filter.tokensInFlightMax = 1999
        let (rows, left) = try filter.select(BenchmarkTable.parse(text, file: "bench.csv"), file: "bench.csv")
        #expect(rows.map(\.concurrency) == [1])
        #expect(left == 3)
    }

    @Test func select_tableWithoutEngines_isNotFilteredByEngine() throws {
        var filter = BenchmarkFilter()
        filter.frameworks = ["vllm"]
        #expect(failure("prompt_tokens,output_tokens,concurrency,itl_ms\n10,10,1,20\n", filter: filter) == nil)
    }

    @Test func measurements_fileThatIsNotThere_saysSo() {
        do throws(BenchmarkError) {
            _ = try BenchmarkTable.measurements(path: "/nonexistent/bench.csv", filter: BenchmarkFilter())
            Issue.record("a missing file was read")
        } catch {
            #expect(error.code == .unreadableFile)
        }
    }

    @Test func measurements_gzipFile_isUnpacked() throws {
        // The header prompt_tokens,output_tokens,concurrency,itl_ms and the row 10,10,1,20, packed.
        let packed = try #require(
            Data(
                base64Encoded: "H4sIAAAAAAACAysoys8tKIkvyc9OzSvWyS8tKSiF85Lz85JLi4pS85IrdTJL"
                    + "cuJzi7kMDXRASMfIgAsA9KIXPzoAAAA="))
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).csv.gz").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try packed.write(to: URL(fileURLWithPath: path))
        let taken = try BenchmarkTable.measurements(path: path, filter: BenchmarkFilter())
        #expect(
            taken.measurements == [
                .interToken(promptTokens: 10, outputTokens: 10, concurrency: 1, seconds: 0.02)
            ])
    }

    @Test func csvTable_quotedCells_mayHoldCommasQuotesAndLineEnds() {
        let table = CSVTable("a,b\n\"x, \"\"y\"\"\nz\",2\n3,4")
        #expect(table.header == ["a", "b"])
        #expect(table.rows.map(\.fields) == [["x, \"y\"\nz", "2"], ["3", "4"]])
        #expect(table.rows.map(\.line) == [2, 4])
    }
}
