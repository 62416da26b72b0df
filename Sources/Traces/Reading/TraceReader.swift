/// Reads a trace from blocks of bytes as they come, whatever their borders. Pure: the shell opens and unpacks files.
package struct TraceReader {
    /// What is done with the bytes that come.
    private enum Route {
        /// Collecting the head, until the layout is known.
        case undecided
        /// Line by line.
        case lines
        /// A JSON document, collected whole and read at the end.
        case document
    }

    private let file: String
    private let options: TraceReadingOptions
    private var route = Route.undecided
    /// The head while undecided; all of a document.
    private var collected: [UInt8] = []
    private var splitter = LineSplitter()
    /// Nil before the header line of a table was read.
    private var parser: (any LineParser)?

    /// - Parameters:
    ///   - file: the file's name, for messages.
    ///   - options: layout and what to fill in.
    package init(file: String, options: TraceReadingOptions = TraceReadingOptions()) {
        self.file = file
        self.options = options
    }

    /// Takes the next block.
    package mutating func feed(_ block: UnsafeBufferPointer<UInt8>) throws(TraceError) {
        switch route {
        case .undecided:
            collected.append(contentsOf: block)
            if collected.count >= ReadingLimits.headBytesMax || hasWholeFirstLine { try decide() }
        case .lines:
            try feedLines(block)
        case .document:
            try collect(block)
        }
    }

    /// The trace, after the last block, under the name that reports call it. The reader is spent.
    package mutating func finish(name: String) throws(TraceError) -> LoadedTrace {
        if case .undecided = route { try decide() }
        if case .document = route { return try loadDocument(name: name) }
        if let line = splitter.last() { try consume(line) }
        guard parser != nil else { throw TraceError.empty(file: file, skippedCount: 0) }
        guard let loaded = try parser?.finish(name: name) else { throw TraceError.empty(file: file, skippedCount: 0) }
        return loaded
    }

    private var hasWholeFirstLine: Bool {
        guard let start = collected.firstIndex(where: { $0 > 32 }) else { return false }
        return collected[start...].contains(10)
    }

    private mutating func decide() throws(TraceError) {
        let head = collected
        let first = head.first { $0 > 32 }
        let isJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        let isMooncake = options.format == .mooncake || (isJSON && head.contains(sequence: "\"input_length\""))
        guard isJSON, !isMooncake else {
            route = .lines
            collected = []
            if isMooncake {
                let dialect = head.contains(sequence: "\"chat_id\"") ? MooncakeParser.Dialect.bailian : .mooncake
                parser = MooncakeParser(dialect: dialect, file: file, options: options)
            }
            return try feedAll(head) { reader, block throws(TraceError) in try reader.feedLines(block) }
        }
        guard options.format == nil || options.format == .rate else {
            throw TraceError(
                .format, file: file, line: 1, problem: "found JSON, expected a table with a header line",
                remedy: "Leave out --format, or name mooncake or rate.")
        }
        route = .document
    }

    private mutating func feedAll(
        _ bytes: [UInt8], _ body: (inout TraceReader, UnsafeBufferPointer<UInt8>) throws(TraceError) -> Void
    ) throws(TraceError) {
        var failure: TraceError?
        bytes.withUnsafeBufferPointer { block in
            do throws(TraceError) { try body(&self, block) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    private mutating func feedLines(_ block: UnsafeBufferPointer<UInt8>) throws(TraceError) {
        var rest = block
        while let line = try splitter.next(&rest, file: file) { try consume(line) }
    }

    private mutating func consume(_ line: UnsafeBufferPointer<UInt8>) throws(TraceError) {
        if parser != nil {
            try parser?.consume(line, number: splitter.lineNumber)
        } else if line.contains(where: { $0 > 32 }) {
            try start(with: line)
        }
    }

    /// Chooses the parser of a table by its header line.
    private mutating func start(with line: UnsafeBufferPointer<UInt8>) throws(TraceError) {
        let header = TableHeader(line)
        let format: TraceFormat
        if let named = options.format {
            format = named
        } else {
            format = try TableLayout.format(of: header, file: file)
        }
        if format == .rate {
            parser = try RateTableParser(header: header, file: file, options: options)
            return
        }
        let columns = RequestColumns(header: header, format: format)
        guard TableLayout.isBareTimestamp(header), options.format ?? .csv == .csv else {
            parser = try RequestTableParser(columns: columns, file: file, options: options)
            return
        }
        var table = try RequestTableParser(columns: TableLayout.bareColumns, file: file, options: options)
        table.note("There is no header line; the only column was taken as timestamp.")
        try table.consume(line, number: splitter.lineNumber)
        parser = table
    }

    private mutating func collect(_ block: UnsafeBufferPointer<UInt8>) throws(TraceError) {
        collected.append(contentsOf: block)
        guard collected.count <= ReadingLimits.documentBytesMax else {
            throw TraceError(
                .limit, file: file, problem: "the JSON document is longer than \(ReadingLimits.documentBytesMax) bytes",
                remedy: "Query a shorter time or a longer step.")
        }
    }

    private mutating func loadDocument(name: String) throws(TraceError) -> LoadedTrace {
        let (file, options) = (file, options)
        var loaded: LoadedTrace?
        try feedAll(collected) { _, bytes throws(TraceError) in
            var answer = PrometheusAnswer(bytes, file: file)
            loaded = try answer.load(name: name, options: options)
        }
        guard let loaded else { preconditionFailure("loading returns or throws") }
        return loaded
    }
}

extension [UInt8] {
    fileprivate func contains(sequence text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard count >= wanted.count else { return false }
        return (0...count - wanted.count).contains { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}
