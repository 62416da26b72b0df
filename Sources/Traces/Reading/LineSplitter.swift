/// Cuts blocks of bytes into lines; a line that spans blocks is put together in a buffer of its own.
struct LineSplitter {
    private let carry = LineCarry()
    /// The number of the line returned last, counted from 1.
    private(set) var lineNumber = 0

    /// The next complete line of `block` without its line break (LF or CRLF), or nil when the rest was kept for later.
    ///
    /// The line is valid until the next call.
    mutating func next(
        _ block: inout UnsafeBufferPointer<UInt8>, file: String
    ) throws(TraceError)
        -> UnsafeBufferPointer<UInt8>?
    {
        carry.forgetReturnedLine()
        guard let end = Self.lineFeed(in: block) else {
            try keep(block, file: file)
            block = UnsafeBufferPointer(rebasing: block[block.count...])
            return nil
        }
        let piece = UnsafeBufferPointer(rebasing: block[..<end])
        block = UnsafeBufferPointer(rebasing: block[(end + 1)...])
        if carry.isEmpty {
            lineNumber += 1
            return Self.withoutCarriageReturn(piece)
        }
        try keep(piece, file: file)
        lineNumber += 1
        return Self.withoutCarriageReturn(carry.returnLine())
    }

    /// The last line, when the file does not end with a line break.
    mutating func last() -> UnsafeBufferPointer<UInt8>? {
        carry.forgetReturnedLine()
        guard !carry.isEmpty else { return nil }
        lineNumber += 1
        return Self.withoutCarriageReturn(carry.returnLine())
    }

    private func keep(_ bytes: UnsafeBufferPointer<UInt8>, file: String) throws(TraceError) {
        guard carry.append(bytes) else {
            throw TraceError(
                .limit, file: file, line: lineNumber + 1,
                problem: "the line is longer than \(ReadingLimits.lineBytesMax) bytes",
                remedy: "Is this a text file with one request on each line?")
        }
    }

    private static func lineFeed(in block: UnsafeBufferPointer<UInt8>) -> Int? {
        var index = 0
        while index < block.count {
            if block[index] == 10 { return index }
            index += 1
        }
        return nil
    }

    private static func withoutCarriageReturn(_ line: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        line.last == 13 ? UnsafeBufferPointer(rebasing: line.dropLast()) : line
    }
}

/// Fixed memory for the line under way, so that a pointer to it stays valid.
private final class LineCarry {
    private let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: ReadingLimits.lineBytesMax)
    private var count = 0
    private var isReturned = false

    deinit { bytes.deallocate() }

    var isEmpty: Bool { count == 0 }

    func append(_ more: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count + more.count <= bytes.count else { return false }
        _ = UnsafeMutableBufferPointer(rebasing: bytes[count...]).update(fromContentsOf: more)
        count += more.count
        return true
    }

    func returnLine() -> UnsafeBufferPointer<UInt8> {
        isReturned = true
        return UnsafeBufferPointer(rebasing: bytes[..<count])
    }

    func forgetReturnedLine() {
        if isReturned { count = 0 }
        isReturned = false
    }
}
