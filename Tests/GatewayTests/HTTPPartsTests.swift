import Testing

@testable import Gateway

/// Framing and scanning, byte by byte.
struct HTTPPartsTests {
    static let chunked = "4\r\nWiki\r\n6;name=\"x\"\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nTrailer: 1\r\n\r\n"

    @Test(arguments: 1...20)
    func chunks_inBuffersOfAnySize_yieldTheSame(size: Int) {
        var scanner = ChunkScanner()
        var data: [UInt8] = []
        var consumed = 0
        var rest = Array((HTTPPartsTests.chunked + "next").utf8)[...]
        while !rest.isEmpty, !scanner.isDone {
            let count = Array(rest.prefix(size)).withUnsafeBytes { bytes in
                scanner.consume(bytes) { data += $0 }
            }
            consumed += count ?? 1000
            rest = rest.dropFirst(size)
        }
        #expect(String(decoding: data, as: UTF8.self) == "Wikipedia in \r\n\r\nchunks.")
        #expect(consumed == HTTPPartsTests.chunked.utf8.count)
    }

    @Test(arguments: [
        "x\r\n", "\r\n", "4\nWiki", "4\r\nWikiX", "4\r\nWiki\rX", "1234567890123456\r\n", "0\r\n\n", " 4\r\n", "-1\r\n",
        "4\rX",
    ])
    func chunks_thatAreNone_areRefused(text: String) {
        var scanner = ChunkScanner()
        let count = Array(text.utf8).withUnsafeBytes { bytes in scanner.consume(bytes) { _ in } }
        #expect(count == nil)
    }

    @Test(arguments: 1...12)
    func events_inBuffersOfAnySize_areCounted(size: Int) {
        let text = ": comment data: no\n\ndata: a\n\ndata:b\n\nevent: data:\ndata: c\r\n\r\ndata: [DONE]\n\n"
        var scanner = AnswerScanner()
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            Array(rest.prefix(size)).withUnsafeBytes { bytes in
                scanner.count(bytes)
                scanner.keep(bytes)
            }
            rest = rest.dropFirst(size)
        }
        #expect(scanner.events == 4)
        let saysDone = scanner.saysDone
        #expect(saysDone)
    }

    @Test(arguments: [1, 7, 500, 1023, 1024, 1025, 5000])
    func usage_atTheEnd_isFoundInBuffersOfAnySize(size: Int) {
        let filler = String(repeating: "x", count: 6000)
        let text =
            filler + #""usage":{"prompt_tokens": 120,"total_tokens":150,"completion_tokens":30,"#
            + #""prompt_tokens_details":{"cached_tokens":1}}}"#
        var scanner = AnswerScanner()
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            Array(rest.prefix(size)).withUnsafeBytes { scanner.keep($0) }
            rest = rest.dropFirst(size)
        }
        let (prompt, output) = (scanner.promptTokens, scanner.completionTokens)
        #expect(prompt == 120)
        #expect(output == 30)
    }

    @Test func requestHead_read_hasItsParts() throws {
        let text = "GET http://a/b/c?d=e HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        try Array(text.utf8).withUnsafeBytes { bytes in
            var lines = HeadLines()
            let isSplit = lines.split(bytes)
            #expect(isSplit)
            let head = try RequestHead(lines, bytes)
            #expect(bytes.part(head.path).text == "/b/c")
            #expect(!head.keepsAlive && head.isModern && !head.hasBody)
        }
    }
}
