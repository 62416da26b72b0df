/// Tells the layouts of tables apart by their header line.
enum TableLayout {
    /// The layout of a table. Throws when the header fits none.
    static func format(of header: TableHeader, file: String) throws(TraceError) -> TraceFormat {
        if header.contains("ContextTokens"), header.contains("GeneratedTokens") { return .azure }
        if header.contains("Request tokens"), header.contains("Response tokens") { return .burstgpt }
        if RateTableParser.understands(header) { return .rate }
        if isBareTimestamp(header) { return .csv }
        guard RequestColumns(header: header, format: .csv).contains(.timestamp) else {
            throw TraceError(
                .format, file: file, line: 1, column: 1,
                problem: "found \(shown(header)), expected a header line with a column timestamp",
                remedy:
                    "Put a line such as timestamp,prompt_tokens,output_tokens first, or name the layout with --format "
                    + "(azure, burstgpt, mooncake, csv, rate).")
        }
        return .csv
    }

    private static func shown(_ header: TableHeader) -> String {
        "\"\(header.names.joined(separator: ",").prefix(ReadingLimits.quotedCharactersMax))\""
    }

    /// Whether the first line is a lone timestamp, so that the file has no header.
    static func isBareTimestamp(_ header: TableHeader) -> Bool {
        guard header.names.count == 1, let name = header.names.first else { return false }
        return Array(name.utf8).withUnsafeBufferPointer { bytes in
            DecimalDigits(bytes) != nil || CalendarDate.nanoseconds(bytes) != nil
        }
    }

    /// The columns of a file without header.
    static var bareColumns: RequestColumns {
        let header = Array("timestamp".utf8).withUnsafeBufferPointer { TableHeader($0) }
        return RequestColumns(header: header, format: .csv)
    }
}
