extension TokenDistribution {
    /// Reads the points of a cumulative distribution from a table with the columns `tokens` and `cdf_percent` (0 ... 100)
    /// or `cdf` (0 ... 1), and optionally `service`, of which one is chosen.
    ///
    /// Throws when a column is missing, a value cannot be read or descends, or the service is not there or not named
    /// among several.
    package init(
        table bytes: UnsafeBufferPointer<UInt8>, file: String, service: String?
    ) throws(TraceError) {
        var rest = bytes
        var splitter = LineSplitter()
        var table: DistributionTable?
        while let line = try splitter.next(&rest, file: file) {
            try Self.take(line, number: splitter.lineNumber, file: file, into: &table)
        }
        if let line = splitter.last() { try Self.take(line, number: splitter.lineNumber, file: file, into: &table) }
        guard let table else { throw TraceError.empty(file: file, skippedCount: 0) }
        self = try table.distribution(of: service)
    }

    private static func take(
        _ line: UnsafeBufferPointer<UInt8>, number: Int, file: String, into table: inout DistributionTable?
    ) throws(TraceError) {
        if line.isEmpty { return }
        guard table == nil else {
            try table?.consume(line, number: number)
            return
        }
        table = try DistributionTable(header: TableHeader(line), file: file)
    }
}

/// The rows of a table of distributions.
private struct DistributionTable {
    private let file: String
    private let header: TableHeader
    private let tokensIndex: Int
    private let shareIndex: Int
    private let serviceIndex: Int?
    /// What divides the share's column to give 0 ... 1.
    private let shareUnit: Double
    /// In the order of the file.
    private var rows: [(service: String, point: TokenDistribution.Point)] = []

    init(header: TableHeader, file: String) throws(TraceError) {
        let percentIndex = header.index(of: ["cdf_percent", "percent"])
        guard let tokensIndex = header.index(of: ["tokens"]),
            let shareIndex = percentIndex ?? header.index(of: ["cdf", "share", "probability"])
        else {
            throw TraceError(
                .missingColumn, file: file, line: 1,
                problem: "found the columns \(header.description), expected tokens and cdf_percent (or cdf)",
                remedy: "A distribution has one row for each point: tokens,cdf_percent.")
        }
        self.file = file
        self.header = header
        self.tokensIndex = tokensIndex
        self.shareIndex = shareIndex
        serviceIndex = header.index(of: ["service"])
        shareUnit = percentIndex == nil ? 1 : 100
    }

    mutating func consume(_ line: UnsafeBufferPointer<UInt8>, number: Int) throws(TraceError) {
        var splitter = FieldSplitter(line, separator: header.separator)
        var service = ""
        var tokens: Double?
        var share: Double?
        var index = 0
        while let field = splitter.next() {
            if index == serviceIndex { service = field.text }
            if index == tokensIndex { tokens = try value(field, index: index, line: number, max: Double(UInt32.max)) }
            if index == shareIndex { share = try value(field, index: index, line: number, max: shareUnit) / shareUnit }
            index += 1
        }
        guard let tokens, let share else {
            throw TraceError(
                .badValue, file: file, line: number, column: line.count + 1,
                problem: "found \(index) values, expected \(header.names.count) (\(header.description))",
                remedy: "Correct the line.")
        }
        rows.append((service, TokenDistribution.Point(tokens: tokens, share: share)))
    }

    private func value(_ field: ByteField, index: Int, line: Int, max: Double) throws(TraceError) -> Double {
        guard let value = field.number, value >= 0, value <= max else {
            throw field.error(
                file: file, line: line, name: header.names[index], expected: "a number from 0 to \(Int(max))"
            ).with(remedy: "Correct the line.")
        }
        return value
    }

    func distribution(of service: String?) throws(TraceError) -> TokenDistribution {
        var services: [String] = []
        for row in rows where services.last != row.service && !services.contains(row.service) {
            services.append(row.service)
        }
        guard let chosen = service ?? (services.count == 1 ? services[0] : nil), services.contains(chosen) else {
            throw TraceError(
                .option, file: file, problem: "it holds the services \(services.joined(separator: ", "))",
                remedy: "Choose one with --service NAME.")
        }
        guard let distribution = TokenDistribution(points: rows.filter { $0.service == chosen }.map(\.point)) else {
            throw TraceError(
                .badValue, file: file, problem: "tokens and shares of \(chosen) do not ascend from row to row",
                remedy: "Sort the rows.")
        }
        return distribution
    }
}
