/// Reads a table with one request in each line: Azure, BurstGPT and the generic layout.
struct RequestTableParser: LineParser {
    private let file: String
    private let columns: RequestColumns
    private let fallbackPrompt: UInt32?
    private let fallbackOutput: UInt32?
    private let assumedLengths: AssumedLengths?
    private var builder: TraceBuilder
    private var clock = ArrivalClock()
    private var sessions = SessionNumbers()
    private var badRows: BadRows
    private var zeroOutputCount = 0
    private var excessUncachedCount = 0
    private var notes: [String] = []

    init(columns: RequestColumns, file: String, options: TraceReadingOptions) throws(TraceError) {
        try columns.validate(file: file, options: options)
        self.file = file
        self.columns = columns
        fallbackPrompt = options.promptTokens
        fallbackOutput = options.outputTokens
        assumedLengths = options.assumedLengths
        builder = TraceBuilder(columns: columns.traceColumns)
        badRows = BadRows(areSkipped: options.skipsBadRows)
    }

    mutating func note(_ sentence: String) { notes.append(sentence) }

    mutating func consume(_ line: UnsafeBufferPointer<UInt8>, number: Int) throws(TraceError) {
        if line.isEmpty { return }
        do {
            try builder.append(row(line, number: number))
        } catch {
            try badRows.meet(error)
        }
        if builder.count > ReadingLimits.rowsMax { throw TraceError.tooManyRows(file: file, line: number) }
    }

    /// The values of a line as they are read.
    private struct Values {
        var arrival: Double?
        var prompt: UInt32?
        var output: UInt32?
        var uncached: UInt32?
        var workload: UInt32 = 0
        var session: UInt32 = 0
    }

    private mutating func row(
        _ line: UnsafeBufferPointer<UInt8>, number: Int
    ) throws(TraceError) -> TraceBuilder.Request {
        var values = Values(
            prompt: fallbackPrompt ?? assumedLengths?.promptTokens,
            output: fallbackOutput ?? assumedLengths?.outputTokens)
        var fields = FieldSplitter(line, separator: columns.header.separator)
        for index in columns.roles.indices {
            guard let field = fields.next() else { throw tooShort(line, number: number, fields: index) }
            guard let role = columns.roles[index] else { continue }
            try read(field, as: role, into: &values, line: number, index: index)
        }
        guard let arrival = values.arrival, let prompt = values.prompt, let output = values.output else {
            preconditionFailure("the header was checked for \(columns.roles)")
        }
        if output == 0 { zeroOutputCount += 1 }
        if let uncached = values.uncached, uncached > prompt { excessUncachedCount += 1 }
        return TraceBuilder.Request(
            row: RequestRow(arrival: arrival, promptTokens: prompt, outputTokens: output),
            uncachedTokens: values.uncached, workload: values.workload, session: values.session)
    }

    private mutating func read(
        _ field: ByteField, as role: RequestColumns.Role, into values: inout Values, line: Int, index: Int
    ) throws(TraceError) {
        switch role {
        case .timestamp:
            guard let arrival = clock.arrival(field) else {
                throw field.error(file: file, line: line, name: columns.name(at: index), expected: clock.expectation)
            }
            values.arrival = arrival
        case .promptTokens:
            values.prompt = try tokens(
                field, fallback: fallbackPrompt, option: "--prompt-tokens", line: line, index: index)
        case .outputTokens:
            values.output = try tokens(
                field, fallback: fallbackOutput, option: "--output-tokens", line: line, index: index)
        case .uncachedTokens:
            values.uncached =
                field.isEmpty ? nil : try tokens(field, fallback: nil, option: nil, line: line, index: index)
        case .workload:
            values.workload = builder.workload(named: field.isEmpty ? "default" : field.text)
        case .session:
            values.session = sessions.number(of: field)
        }
    }

    private func tokens(
        _ field: ByteField, fallback: UInt32?, option: String?, line: Int, index: Int
    ) throws(TraceError) -> UInt32 {
        if let count = field.count { return count }
        if field.isEmpty, let fallback { return fallback }
        var error = field.error(
            file: file, line: line, name: columns.name(at: index), expected: "a whole number of tokens")
        if field.isEmpty, let option {
            error = error.with(remedy: "Fill gaps with \(option) N, or leave such lines out with --skip-bad.")
        }
        throw error
    }

    private func tooShort(_ line: UnsafeBufferPointer<UInt8>, number: Int, fields: Int) -> TraceError {
        TraceError(
            .badValue, file: file, line: number, column: line.count + 1,
            problem: "found \(fields) value\(fields == 1 ? "" : "s"), expected \(columns.header.names.count) "
                + "(\(columns.header.description))",
            remedy: TraceError.skipRemedy)
    }

    mutating func finish(name: String) throws(TraceError) -> LoadedTrace {
        if builder.count == 0 { throw TraceError.empty(file: file, skippedCount: badRows.count) }
        var notes = notes + [clock.note].compactMap { $0 }
        if clock.countsFromFirstArrival { builder.shiftToZero() }
        notes += builder.sortingNote.map { [$0] } ?? []
        notes += badRows.note.map { [$0] } ?? []
        if zeroOutputCount > 0 { notes.append("\(zeroOutputCount) requests with 0 output tokens count as 1 token.") }
        if excessUncachedCount > 0 {
            notes.append(
                "\(excessUncachedCount) requests had more uncached than prompt tokens; taken as wholly uncached.")
        }
        notes += fillNotes
        let trace = builder.take(name: name)
        return LoadedTrace(
            trace: trace, format: columns.format, notes: notes, skippedCount: badRows.count, assumedLengths: assumed)
    }

    private var assumed: [String] {
        [
            columns.contains(.promptTokens) || fallbackPrompt != nil ? nil : "prompt",
            columns.contains(.outputTokens) || fallbackOutput != nil ? nil : "output",
        ].compactMap { $0 }
    }

    private var fillNotes: [String] {
        var notes: [String] = []
        if !columns.contains(.promptTokens), let fallbackPrompt {
            notes.append("Every prompt has \(fallbackPrompt) tokens, as the file does not tell.")
        }
        if !columns.contains(.outputTokens), let fallbackOutput {
            notes.append("Every output has \(fallbackOutput) tokens, as the file does not tell.")
        }
        return notes
    }
}

/// Numbers for sessions: small whole numbers stand for themselves, other names count down from the largest number, and a
/// request without a session gets one of its own.
struct SessionNumbers {
    private var named: [String: UInt32] = [:]
    private var next = UInt32.max

    mutating func number(of field: ByteField) -> UInt32 {
        if let count = field.count { return count }
        if field.isEmpty { return take() }
        let name = field.text
        if let number = named[name] { return number }
        let number = take()
        named[name] = number
        return number
    }

    private mutating func take() -> UInt32 {
        defer { next &-= 1 }
        return next
    }
}
