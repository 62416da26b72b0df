/// Reads one layout line by line. Pure: the shell brings the lines.
protocol LineParser {
    /// Takes a line after the header. Throws unless bad rows are to be skipped.
    mutating func consume(_ line: UnsafeBufferPointer<UInt8>, number: Int) throws(TraceError)
    /// Everything read, after the last line. The parser is spent.
    mutating func finish(name: String) throws(TraceError) -> LoadedTrace
}

/// Decides whether a bad row ends the reading, and counts those that do not.
struct BadRows {
    let areSkipped: Bool
    private(set) var count = 0
    private var first: TraceError?

    init(areSkipped: Bool) { self.areSkipped = areSkipped }

    mutating func meet(_ error: TraceError) throws(TraceError) {
        guard areSkipped, error.code == .badValue else { throw error }
        count += 1
        first = first ?? error
    }

    var note: String? {
        first.map {
            "Left out \(count) bad row\(count == 1 ? "" : "s"). The first: \($0.file):\($0.line ?? 0): \($0.problem)."
        }
    }
}

extension ByteField {
    /// The error of a value that is not what its column needs.
    func error(file: String, line: Int, name: String, expected: String) -> TraceError {
        TraceError(
            .badValue, file: file, line: line, column: column,
            problem: "\(name): found \(quoted), expected \(expected)", remedy: TraceError.skipRemedy)
    }
}
