internal import NIOCore

/// Reads server-sent events as they come, in any pieces. It looks for what is measured, and does not decode the rest.
struct EventStreamReader {
    /// A line longer than this is no event of ours.
    static let lineBytesMax = 1 << 20

    /// Events that brought text.
    private(set) var textEvents = 0
    /// `usage.completion_tokens`, where the server told them.
    private(set) var completionTokens: Int?
    /// `[DONE]` came: the answer is whole.
    private(set) var isDone = false
    /// The server told of an error, or sent a line without end.
    private(set) var failure: RequestOutcome?
    /// The beginning of a line whose end has not come.
    private var pending: [UInt8] = []

    /// Reads the next bytes.
    ///
    /// - Returns: how many of the events in them brought text.
    mutating func feed(_ buffer: ByteBuffer) -> Int {
        let before = textEvents
        buffer.withUnsafeReadableBytes { bytes in
            var start = 0
            while let end = bytes.firstIndex(of: "\n", from: start) {
                readLine(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                start = end + 1
            }
            keep(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
        return textEvents - before
    }

    private mutating func readLine(_ line: UnsafeRawBufferPointer) {
        guard !pending.isEmpty else { return read(line) }
        pending.append(contentsOf: line)
        let whole = pending
        pending.removeAll()
        whole.withUnsafeBytes { read($0) }
    }

    private mutating func keep(_ rest: UnsafeRawBufferPointer) {
        guard pending.count + rest.count <= Self.lineBytesMax else {
            failure = failure ?? .malformed
            pending.removeAll()
            return
        }
        pending.append(contentsOf: rest)
    }

    private mutating func read(_ line: UnsafeRawBufferPointer) {
        // Some servers send `error: {...}` instead of an event of data.
        if line.hasPrefix("error:") { failure = failure ?? .streamError }
        guard line.hasPrefix("data:") else { return }
        let data = UnsafeRawBufferPointer(rebasing: line[line.indexAfterSeparators(from: 5)...])
        if data.hasPrefix("[DONE]") {
            isDone = true
        } else if data.hasPrefix("{\"error\"") {
            failure = failure ?? .streamError
        } else {
            readEvent(data)
        }
    }

    private mutating func readEvent(_ data: UnsafeRawBufferPointer) {
        if data.hasText(in: "\"text\"") || data.hasText(in: "\"content\"") || data.hasText(in: "\"reasoning_content\"")
        {
            textEvents += 1
        }
        completionTokens = data.number(of: "\"completion_tokens\"") ?? completionTokens
    }
}
