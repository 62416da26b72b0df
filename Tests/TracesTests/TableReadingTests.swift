import Testing
import Traces

struct TableReadingTests {
    @Test func azure2023_carriageReturns_countFromFirstArrival() throws {
        let text = """
            TIMESTAMP,ContextTokens,GeneratedTokens\r
            2023-11-16 18:17:03.9799600,4808,10\r
            2023-11-16 18:17:04.0319601,3180,0\r
            2023-11-16 18:18:04.0319601,110,27
            """
        let loaded = try read(text)
        #expect(loaded.format == .azure)
        #expect(loaded.trace.rows == [row(0, 4_808, 10), row(0.0520001, 3_180, 1), row(60.0520001, 110, 27)])
        #expect(
            loaded.notes == [
                "Dates count from the first arrival, which is time zero.",
                "1 requests with 0 output tokens count as 1 token.",
            ])
    }

    @Test func azure2024_offsetAndLeapDay_areUnderstood() throws {
        let text = """
            TIMESTAMP,ContextTokens,GeneratedTokens
            2024-02-28 23:59:59.5+00:00,1,1
            2024-02-29 00:00:00.25+00:00,2,2
            2024-03-01T01:00:00+01:00,3,3
            2024-03-31T02:30:00Z,4,4
            """
        #expect(try read(text).trace.arrivals == [0, 0.75, 86_400.5, 2_687_400.5])
    }

    @Test func burstgpt_columnsInAnyOrder_areFoundByName() throws {
        let text = """
            Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type
            5,,3.2,ChatGPT,472,18,490,Conversation log
            45.5,7,1,GPT-4,1087,230,1317,"API log, new"
            118,7,1,ChatGPT,417,276,693,Conversation log
            """
        let loaded = try read(text)
        #expect(loaded.format == .burstgpt)
        #expect(loaded.trace.rows == [row(5, 472, 18), row(45.5, 1_087, 230), row(118, 417, 276)])
        #expect(loaded.trace.workloadNames == ["ChatGPT", "GPT-4"])
        #expect((0..<3).map { loaded.trace.workload($0) } == [0, 1, 0])
        #expect((0..<3).map { loaded.trace.session($0) } == [UInt32.max, 7, 7])
        #expect(loaded.notes == [])
    }

    @Test func csv_allColumnsShuffled_areKept() throws {
        let text = """
            session;workload;output_tokens;uncached_prompt_tokens;prompt_tokens;timestamp
            a;chat;5;100;300;-1.5
            b;"code;2";6;400;300;0
            """
        let loaded = try read(text)
        #expect(loaded.format == .csv)
        #expect(loaded.trace.rows == [row(-1.5, 300, 5), row(0, 300, 6)])
        #expect(loaded.trace.uncached == [100, 300])
        #expect(loaded.trace.workloadNames == ["chat", "code;2"])
        #expect(loaded.trace.session(0) != loaded.trace.session(1))
        #expect(loaded.notes == ["1 requests had more uncached than prompt tokens; taken as wholly uncached."])
    }

    @Test func csv_onlyTimestamps_areFilledFromOptions() throws {
        let options = TraceReadingOptions(promptTokens: 500, outputTokens: 50)
        let loaded = try read("timestamp\n0.5\n1\n", options: options)
        #expect(loaded.trace.rows == [row(0.5, 500, 50), row(1, 500, 50)])
        #expect(
            loaded.notes == [
                "Every prompt has 500 tokens, as the file does not tell.",
                "Every output has 50 tokens, as the file does not tell.",
            ])
        let bare = try read("0.5\n1\n", options: options)
        #expect(bare.trace.arrivals == [0.5, 1])
        #expect(bare.notes.first == "There is no header line; the only column was taken as timestamp.")
    }

    @Test func csv_epochSeconds_areShiftedExactly() throws {
        let options = TraceReadingOptions(promptTokens: 1, outputTokens: 1)
        let seconds = try read("timestamp\n1700000000.123456\n1700000001.1234567\n", options: options)
        #expect(seconds.trace.arrivals == [0, 1.0000007])
        let milliseconds = try read("timestamp\n1700000000123\n1700000001623\n", options: options)
        #expect(milliseconds.trace.arrivals == [0, 1.5])
        #expect(
            milliseconds.notes.first
                == "Timestamps since 1970 were taken as milliseconds and count from the first arrival.")
    }

    @Test func csv_unsortedRows_areSortedAndSaidSo() throws {
        let text = """
            timestamp,prompt_tokens,output_tokens
            2024-01-01 00:00:02,2,1
            2024-01-01 00:00:01,1,1
            2024-01-01 00:00:02,3,1
            """
        let loaded = try read(text)
        #expect(loaded.trace.rows == [row(0, 1, 1), row(1, 2, 1), row(1, 3, 1)])
        #expect(loaded.notes.contains("1 of 3 requests were out of order; all were sorted by arrival."))
    }

    @Test func csv_manyUnsortedRows_areSortedAcrossChunks() throws {
        let count = 200_000
        var builder = TraceBuilder()
        for index in 0..<count {
            let arrival = Double((index * 7_919) % count)
            builder.append(TraceBuilder.Request(row: row(arrival, UInt32(index + 1), 1)))
        }
        let trace = builder.finish(name: "shuffled")
        #expect(trace.count == count)
        #expect((0..<count).allSatisfy { trace[$0].arrival == Double($0) })
        #expect((0..<count).allSatisfy { (Int(trace[$0].promptTokens) - 1) * 7_919 % count == $0 })
    }

    @Test func splitting_anyBlockSize_readsTheSame() throws {
        let text = "timestamp,prompt_tokens,output_tokens\r\n1,2,3\r\n\r\n4,5,6"
        for blockBytes in 1...60 {
            #expect(try read(text, blockBytes: blockBytes).trace.rows == [row(1, 2, 3), row(4, 5, 6)])
        }
    }
}
