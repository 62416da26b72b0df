import Fleet
import NIOCore
import Testing

@testable import Load

struct AnswerReaderTests {
    private static let stream = """
        data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

        : a comment
        data: {"choices":[{"index":0,"delta":{"content":"say \\"x\\""}}]}\r
        \r
        event: message
        data:{"choices":[{"index":0,"delta": {"content" : "two"}}]}

        data: {"choices":[{"index":0,"delta":{},"finish_reason":"length"}],"usage":{"prompt_tokens":5,"completion_tokens":3}}

        data: [DONE]


        """

    @Test func stream_splitAnywhere_readsTheSame() {
        let bytes = Array(Self.stream.utf8)
        for split in 0...bytes.count {
            var reader = EventStreamReader()
            _ = reader.feed(ByteBuffer(bytes: bytes[..<split]))
            _ = reader.feed(ByteBuffer(bytes: bytes[split...]))
            #expect(reader.textEvents == 2, "split at \(split)")
            #expect(reader.completionTokens == 3, "split at \(split)")
            #expect(reader.isDone, "split at \(split)")
            #expect(reader.failure == nil, "split at \(split)")
        }
    }

    @Test func stream_byteByByte_readsTheSame() {
        var reader = EventStreamReader()
        for byte in Self.stream.utf8 { _ = reader.feed(ByteBuffer(bytes: [byte])) }
        #expect((reader.textEvents, reader.completionTokens, reader.isDone) == (2, 3, true))
    }

    @Test func stream_endlessLine_isMalformed() {
        var reader = EventStreamReader()
        let part = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 19)
        for _ in 0..<3 { _ = reader.feed(part) }
        #expect(reader.failure == .malformed)
    }

    @Test func answer_times_runFromFirstToLastText() {
        var answer = AnswerReader()
        answer.begin(status: 200, isEventStream: true)
        answer.feed(ByteBuffer(string: "data: {\"choices\":[{\"text\":\"\"}]}\n\n"), at: 1)
        answer.feed(ByteBuffer(string: "data: {\"choices\":[{\"text\":\"a\"}]}\n\n"), at: 2)
        answer.feed(ByteBuffer(string: "data: {\"choices\":[{\"text\":\"b\"}]}\n\n"), at: 5)
        answer.feed(
            ByteBuffer(string: "data: {\"choices\":[],\"usage\":{\"completion_tokens\":4}}\n\ndata: [DONE]\n\n"), at: 6)
        let end = answer.end(at: 7)
        #expect(end.outcome == .answered)
        #expect(end.times == AnswerTimes(firstToken: 2, lastToken: 5, end: 7, outputTokens: 4))
        #expect(end.times?.meanITL == 1)
    }

    @Test func answer_whole_takesTokensFromUsage() {
        var answer = AnswerReader()
        answer.begin(status: 200, isEventStream: false)
        answer.feed(ByteBuffer(string: "{\"choices\":[{\"text\":\"abc\"}],\"usage\":{\"completion"), at: 1)
        answer.feed(ByteBuffer(string: "_tokens\": 12}}"), at: 2)
        let end = answer.end(at: 3)
        #expect(end.outcome == .answered)
        #expect(end.times == AnswerTimes(firstToken: 3, lastToken: 3, end: 3, outputTokens: 12))
    }

    @Test func judge_longPrompt_hasTwiceTheTime() {
        let judge = AnswerJudge(objective: .reference)
        let times = AnswerTimes(firstToken: 1.5, lastToken: 2.5, end: 2.5, outputTokens: 21)
        #expect(!judge.isGood(times, promptTokens: 4096))
        #expect(judge.isGood(times, promptTokens: 4097))
    }

    @Test func judge_slowTokens_areNotGood() {
        let judge = AnswerJudge(objective: .reference)
        #expect(!judge.isGood(AnswerTimes(firstToken: 0.5, lastToken: 1.6, end: 2, outputTokens: 22), promptTokens: 1))
    }

    @Test func judge_latency_countsToTheEnd() {
        let judge = AnswerJudge(objective: .init(limits: .latency(.seconds(2))))
        #expect(judge.isGood(AnswerTimes(firstToken: 1, lastToken: 1, end: 2, outputTokens: 0), promptTokens: 1))
        #expect(!judge.isGood(AnswerTimes(firstToken: 1, lastToken: 1, end: 2.1, outputTokens: 0), promptTokens: 1))
    }
}
