/// What the stub says, in the shape of an engine's answers.
enum StubAnswer {
    static let streamHead = Array(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n".utf8)

    /// An answer whose body has so many bytes, if that is enough for its frame.
    static func whole(bytes: Int) -> [UInt8] {
        let begin = #"{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":""#
        let end = #""},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":50}}"#
        let filling = bytes - begin.utf8.count - end.utf8.count
        let body = filling < 0 ? "{}" : begin + String(repeating: "a", count: filling) + end
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n\r\n"
        return Array((head + body).utf8)
    }

    /// One event as one chunk.
    static func event() -> [UInt8] {
        let event =
            #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"bench","#
            + #""choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}]}"# + "\n\n"
        return Array((String(event.utf8.count, radix: 16) + "\r\n" + event + "\r\n").utf8)
    }
}
