/// Reads Mooncake's JSON lines: `{"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [46, 47]}`,
/// and those of Qwen-Bailian, which have the same members but count seconds and blocks of 16 tokens.
///
/// A hash identifies a block of 512 tokens together with all that precede it. A prompt's leading blocks that any earlier
/// line had count as cached, as in a prefix cache without limit; at least one token is always computed.
struct MooncakeParser: LineParser {
    /// Who wrote the lines.
    enum Dialect {
        case mooncake, bailian

        /// Tokens of a hashed block: trace releases of Mooncake (FAST 2025) and of Qwen-Bailian (ATC 2025).
        var blockTokens: Int { self == .mooncake ? 512 : 16 }
        var unitsPerSecond: Double { self == .mooncake ? 1_000 : 1 }
        var unitName: String { self == .mooncake ? "milliseconds" : "seconds" }
    }

    private let dialect: Dialect
    private let file: String
    private let usesPrefixHashes: Bool
    private var builder: TraceBuilder
    private var clock: ArrivalClock
    private var seenBlocks: Set<UInt64> = []
    private var badRows: BadRows
    private var zeroOutputCount = 0
    private var promptTokenCount = 0.0
    private var cachedTokenCount = 0.0

    init(dialect: Dialect, file: String, options: TraceReadingOptions) {
        self.dialect = dialect
        self.file = file
        clock = ArrivalClock(unitsPerSecond: dialect.unitsPerSecond)
        usesPrefixHashes = options.usesPrefixHashes
        builder = TraceBuilder(columns: options.usesPrefixHashes ? .uncachedTokens : [])
        badRows = BadRows(areSkipped: options.skipsBadRows)
    }

    /// The members of a line that count.
    private struct Values {
        var arrival: Double?
        var prompt: UInt32?
        var output: UInt32?
        var blocks: [UInt64] = []
    }

    mutating func consume(_ line: UnsafeBufferPointer<UInt8>, number: Int) throws(TraceError) {
        if line.isEmpty { return }
        do {
            try append(values(line, number: number), line: number)
        } catch {
            try badRows.meet(error)
        }
        if builder.count > ReadingLimits.rowsMax { throw TraceError.tooManyRows(file: file, line: number) }
    }

    private mutating func values(_ line: UnsafeBufferPointer<UInt8>, number: Int) throws(TraceError) -> Values {
        var scanner = JSONScanner(line)
        var values = Values()
        guard scanner.skip("{") else { throw malformed(scanner, line: number, expected: "a JSON object in each line") }
        repeat {
            guard let key = scanner.string(), scanner.skip(":") else {
                throw malformed(scanner, line: number, expected: "a member \"name\": value")
            }
            try read(key, from: &scanner, into: &values, line: number)
        } while scanner.skip(",")
        guard scanner.skip("}"), scanner.peek() == nil else {
            throw malformed(scanner, line: number, expected: "the end of the object")
        }
        return values
    }

    private mutating func read(
        _ key: ByteField, from scanner: inout JSONScanner, into values: inout Values, line: Int
    ) throws(TraceError) {
        if key.equals("timestamp") {
            let field = try number(&scanner, name: "timestamp", line: line)
            guard let arrival = clock.arrival(field) else {
                throw field.error(file: file, line: line, name: "timestamp", expected: dialect.unitName)
            }
            values.arrival = arrival
        } else if key.equals("input_length") {
            values.prompt = try tokens(&scanner, name: "input_length", line: line)
        } else if key.equals("output_length") {
            values.output = try tokens(&scanner, name: "output_length", line: line)
        } else if key.equals("hash_ids") {
            values.blocks = try blocks(&scanner, line: line)
        } else if !scanner.skipValue() {
            throw malformed(scanner, line: line, expected: "a value of \"\(key.text)\"")
        }
    }

    private func number(_ scanner: inout JSONScanner, name: String, line: Int) throws(TraceError) -> ByteField {
        guard let field = scanner.numberText() else {
            throw malformed(scanner, line: line, expected: "a number as \(name)")
        }
        return field
    }

    private func tokens(_ scanner: inout JSONScanner, name: String, line: Int) throws(TraceError) -> UInt32 {
        let field = try number(&scanner, name: name, line: line)
        guard let count = field.count else {
            throw field.error(file: file, line: line, name: name, expected: "a whole number of tokens")
        }
        return count
    }

    private func blocks(_ scanner: inout JSONScanner, line: Int) throws(TraceError) -> [UInt64] {
        guard scanner.skip("[") else { throw malformed(scanner, line: line, expected: "a list as hash_ids") }
        var blocks: [UInt64] = []
        if scanner.skip("]") { return blocks }
        repeat {
            let field = try number(&scanner, name: "hash_ids", line: line)
            guard let value = field.decimal?.scaled(byPowerOfTen: 0) else {
                throw field.error(file: file, line: line, name: "hash_ids", expected: "a whole number")
            }
            blocks.append(UInt64(bitPattern: value))
        } while scanner.skip(",")
        guard scanner.skip("]") else { throw malformed(scanner, line: line, expected: "the end of hash_ids") }
        return blocks
    }

    private mutating func append(_ values: Values, line: Int) throws(TraceError) {
        guard let arrival = values.arrival, let prompt = values.prompt, let output = values.output else {
            let name = values.arrival == nil ? "timestamp" : values.prompt == nil ? "input_length" : "output_length"
            throw TraceError(
                .badValue, file: file, line: line, column: 1,
                problem: "the object has no \(name), expected timestamp, input_length and output_length",
                remedy: TraceError.skipRemedy)
        }
        let cached = usesPrefixHashes ? min(cachedTokens(values.blocks), max(Int(prompt) - 1, 0)) : 0
        if output == 0 { zeroOutputCount += 1 }
        promptTokenCount += Double(prompt)
        cachedTokenCount += Double(cached)
        builder.append(
            TraceBuilder.Request(
                row: RequestRow(arrival: arrival, promptTokens: prompt, outputTokens: output),
                uncachedTokens: prompt - UInt32(cached)))
    }

    private mutating func cachedTokens(_ blocks: [UInt64]) -> Int {
        let leading = blocks.prefix { seenBlocks.contains($0) }.count
        seenBlocks.formUnion(blocks[leading...])
        return leading * dialect.blockTokens
    }

    private func malformed(_ scanner: JSONScanner, line: Int, expected: String) -> TraceError {
        var rest = scanner
        _ = rest.peek()
        let found = ByteField(
            bytes: UnsafeBufferPointer(rebasing: rest.bytes[min(rest.index, rest.bytes.count)...].prefix(12)),
            column: rest.index + 1)
        return found.error(file: file, line: line, name: "JSON", expected: expected)
    }

    mutating func finish(name: String) throws(TraceError) -> LoadedTrace {
        if builder.count == 0 { throw TraceError.empty(file: file, skippedCount: badRows.count) }
        var notes: [String] = []
        if dialect == .bailian {
            notes.append("Lines with chat_id were read as Qwen-Bailian: seconds, blocks of 16 tokens.")
        }
        if usesPrefixHashes {
            let percent = (cachedTokenCount / max(promptTokenCount, 1) * 1_000).rounded() / 10
            notes.append(
                "Prompt blocks seen before count as cached, as by a prefix cache without limit: \(percent) % of prompt tokens."
            )
        }
        notes += [clock.note, builder.sortingNote, badRows.note].compactMap { $0 }
        if zeroOutputCount > 0 { notes.append("\(zeroOutputCount) requests with 0 output tokens count as 1 token.") }
        if clock.countsFromFirstArrival { builder.shiftToZero() }
        return LoadedTrace(
            trace: builder.take(name: name), format: .mooncake, notes: notes, skippedCount: badRows.count)
    }
}
