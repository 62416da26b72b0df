extension TraceError {
    /// The same error with other advice.
    func with(remedy: String) -> TraceError {
        TraceError(code, file: file, line: line, column: column, problem: problem, remedy: remedy)
    }

    static func tooManyRows(file: String, line: Int) -> TraceError {
        TraceError(
            .limit, file: file, line: line, problem: "more than \(ReadingLimits.rowsMax) requests",
            remedy: "Cut the file into pieces.")
    }

    static func empty(file: String, skippedCount: Int) -> TraceError {
        let because = skippedCount > 0 ? " (\(skippedCount) bad rows were left out)" : ""
        return TraceError(
            .empty, file: file, problem: "there is no request in it\(because)",
            remedy: "A trace has a header line and one line for each request; see tideway trace sources.")
    }
}
