/// Reads a series of measurements from a table or a Prometheus answer; a file of requests is read as a trace.
///
/// Unlike the readers of traces it bridges no gap and refuses no negative value.
package struct SeriesReader {
    private let file: String
    private let column: String?
    private let covariates: [String]
    private let options: TraceReadingOptions
    private var collected: [UInt8] = []

    /// - Parameters:
    ///   - file: the file's name, for messages.
    ///   - column: the name of the values' column; nil takes what a rate series calls its values.
    ///   - covariates: names of other columns to read.
    ///   - options: for files of requests.
    package init(file: String, column: String?, covariates: [String], options: TraceReadingOptions) {
        self.file = file
        self.column = column
        self.covariates = covariates
        self.options = options
    }

    package mutating func feed(_ block: UnsafeBufferPointer<UInt8>) throws(TraceError) {
        collected.append(contentsOf: block)
        guard collected.count <= ReadingLimits.documentBytesMax else {
            throw TraceError(
                .limit, file: file, problem: "the file is longer than \(ReadingLimits.documentBytesMax) bytes",
                remedy: "Count the requests per step first, or cut a window with tideway trace transform.")
        }
    }

    /// What the file holds, after the last block. The reader is spent.
    package func finish(name: String) throws(TraceError) -> MeasuredInput {
        var answer: MeasuredInput?
        var failure: TraceError?
        collected.withUnsafeBufferPointer { bytes in
            do throws(TraceError) { answer = try read(bytes, name: name) } catch { failure = error }
        }
        if let failure { throw failure }
        guard let answer else { preconditionFailure("reading returns or throws") }
        return answer
    }

    private func read(_ bytes: UnsafeBufferPointer<UInt8>, name: String) throws(TraceError) -> MeasuredInput {
        let first = bytes.first { $0 > 32 }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            guard let series = try answer(bytes) else { return .requests(try trace(bytes, name: name)) }
            return .series(series)
        }
        var lines = LineSplitter()
        var rest = bytes
        var head: TableHeader?
        while let line = try lines.next(&rest, file: file), head == nil {
            if line.contains(where: { $0 > 32 }) { head = TableHeader(line) }
        }
        if head == nil, let line = lines.last() { head = TableHeader(line) }
        guard let head else { throw noSample() }
        let isSeries =
            column != nil || RateTableParser.understands(head) || options.format == .rate
            || (!covariates.isEmpty && options.format == nil)
        return isSeries ? .series(try table(bytes, header: head)) : .requests(try trace(bytes, name: name))
    }

    /// Nil when the JSON is lines of requests.
    private func answer(_ bytes: UnsafeBufferPointer<UInt8>) throws(TraceError) -> MeasuredSeries? {
        let isMooncake = options.format == nil && Self.contains("\"input_length\"", bytes)
        if options.format == .mooncake || isMooncake { return nil }
        guard column == nil, covariates.isEmpty else {
            throw TraceError(
                .option, file: file, problem: "the answer of a range query has no columns",
                remedy: "Leave out --column, --covariates and --calendar, or give a table.")
        }
        var parser = PrometheusAnswer(bytes, file: file)
        let (samples, notes) = try parser.summedSamples()
        guard !samples.isEmpty else { throw noSample() }
        return MeasuredSeries(
            times: samples.map(\.time), values: samples.map { ($0.low + $0.high) / 2 }, covariates: [], name: "value",
            notes: notes)
    }

    private static func contains(_ text: String, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let wanted = Array(text.utf8)
        let head = bytes.prefix(ReadingLimits.headBytesMax)
        guard head.count >= wanted.count else { return false }
        return (0...head.count - wanted.count).contains { head[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }

    private func trace(_ bytes: UnsafeBufferPointer<UInt8>, name: String) throws(TraceError) -> LoadedTrace {
        var reader = TraceReader(file: file, options: options)
        try reader.feed(bytes)
        return try reader.finish(name: name)
    }

    private func table(_ bytes: UnsafeBufferPointer<UInt8>, header: TableHeader) throws(TraceError) -> MeasuredSeries {
        var parser = try SeriesTableParser(
            header: header, file: file, column: column, covariates: covariates, skipsBadRows: options.skipsBadRows)
        var lines = LineSplitter()
        var rest = bytes
        var isHeader = true
        func take(_ line: UnsafeBufferPointer<UInt8>) throws(TraceError) {
            guard line.contains(where: { $0 > 32 }) else { return }
            if !isHeader { try parser.consume(line, number: lines.lineNumber) }
            isHeader = false
        }
        while let line = try lines.next(&rest, file: file) { try take(line) }
        if let line = lines.last() { try take(line) }
        guard let series = parser.finish() else { throw noSample() }
        return series
    }

    private func noSample() -> TraceError {
        TraceError(
            .empty, file: file, problem: "there is no value in it",
            remedy: "A series has a header line and one row for each step: timestamp,value.")
    }
}
