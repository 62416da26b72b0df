internal import Glibc

/// Looks at an answer's bytes as they pass: counts the events of a stream, and keeps the last bytes, where engines state the
/// tokens that they used. Nothing is decoded.
struct AnswerScanner: ~Copyable {
    /// Bytes of the end that are kept: usage, and what engines append to it.
    static let tailByteLimit = 1024

    /// Events that began with `data:` so far, the closing `[DONE]` among them.
    private(set) var events = 0
    /// How much of `data:` was seen at the start of this line; -1 further inside a line.
    private var matched = 0
    /// The tail is the last bytes below `tailCount`; twice its size, so that it seldom moves.
    private var tail: UnsafeMutableRawPointer?
    private var tailCount = 0

    init() {}

    deinit { tail?.deallocate() }

    /// Counts the events that begin in these bytes.
    mutating func count(_ bytes: UnsafeRawBufferPointer) {
        let pattern: StaticString = "data:"
        var offset = 0
        while offset < bytes.count {
            if matched < 0 {
                guard let feed = bytes.firstOffset(of: Byte.lineFeed, from: offset) else { return }
                offset = feed + 1
                matched = 0
                continue
            }
            let byte = bytes[offset]
            if byte == pattern.utf8Start[matched] {
                matched += 1
                if matched == 5 {
                    events += 1
                    matched = -1
                }
            } else {
                matched = byte == Byte.lineFeed || byte == Byte.carriageReturn ? 0 : -1
            }
            offset += 1
        }
    }

    /// Keeps these bytes if they turn out to be the last ones.
    mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        let limit = AnswerScanner.tailByteLimit
        let place = tail ?? .allocate(byteCount: limit * 2, alignment: 1)
        tail = place
        if bytes.count >= limit {
            memcpy(place, source + bytes.count - limit, limit)
            tailCount = limit
            return
        }
        if tailCount + bytes.count > limit * 2 {
            let kept = min(tailCount, limit)
            memmove(place, place + tailCount - kept, kept)
            tailCount = kept
        }
        memcpy(place + tailCount, source, bytes.count)
        tailCount += bytes.count
    }

    private var tailBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: tail, count: tailCount) }

    /// The closing `[DONE]` of a stream is near the end.
    var saysDone: Bool { tailBytes.firstOffset(of: "[DONE]", from: max(tailCount - 32, 0)) != nil }

    /// The tokens of the prompt, as the engine states them; nil when it does not.
    var promptTokens: Int? { lastNumber(of: "\"prompt_tokens\"") }

    /// The tokens of the output, as the engine states them; nil when it does not.
    var completionTokens: Int? { lastNumber(of: "\"completion_tokens\"") }

    /// The number that follows the last occurrence of a key.
    private func lastNumber(of key: StaticString) -> Int? {
        let bytes = tailBytes
        var result: Int?
        var from = 0
        while let start = bytes.firstOffset(of: key, from: from) {
            from = start + key.utf8CodeUnitCount
            var offset = from
            while offset < bytes.count, bytes[offset] == Byte.colon || Byte.isBlank(bytes[offset]) { offset += 1 }
            var end = offset
            while end < bytes.count, Byte.isDigit(bytes[end]) { end += 1 }
            if end < bytes.count, let number = decimal(bytes.part(offset..<end)) { result = number }
        }
        return result
    }
}
