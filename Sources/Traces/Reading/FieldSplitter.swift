/// Walks over the fields of one line of a table.
///
/// Blanks around a field and quotes around its text are left out; a doubled quote inside stays doubled. A quoted field
/// may hold the separator, not a line break.
struct FieldSplitter {
    private let line: UnsafeBufferPointer<UInt8>
    private let separator: UInt8
    /// Past the end when the last field was taken.
    private var index = 0

    init(_ line: UnsafeBufferPointer<UInt8>, separator: UInt8) {
        self.line = line
        self.separator = separator
    }

    /// The next field; nil after the last.
    mutating func next() -> ByteField? {
        guard index <= line.count else { return nil }
        var start = index
        while start < line.count, line[start] == 32 { start += 1 }
        let isQuoted = start < line.count && line[start] == UInt8(ascii: "\"")
        var end = start
        if isQuoted {
            start += 1
            end = closingQuote(from: start)
        }
        var next = end
        while next < line.count, line[next] != separator { next += 1 }
        index = next + 1
        if !isQuoted {
            end = next
            while end > start, line[end - 1] == 32 { end -= 1 }
        }
        return ByteField(bytes: UnsafeBufferPointer(rebasing: line[start..<end]), column: start + 1)
    }

    private func closingQuote(from start: Int) -> Int {
        var index = start
        while index < line.count {
            if line[index] == UInt8(ascii: "\"") {
                guard index + 1 < line.count, line[index + 1] == UInt8(ascii: "\"") else { return index }
                index += 1
            }
            index += 1
        }
        return line.count
    }
}
