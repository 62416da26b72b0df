/// Reads a rate series from a table: `timestamp,value`, or the digitised Azure week with a low and a high rate.
struct RateTableParser: LineParser {
    private let file: String
    private let options: TraceReadingOptions
    private let header: TableHeader
    private let timeIndex: Int
    private let lowIndex: Int
    private let highIndex: Int
    private let inferredUnit: RateUnit?
    private var clock = ArrivalClock()
    private var samples = RateSamples()
    private var badRows: BadRows

    /// Names of value columns with the unit that they tell.
    private static let valueNames: [(name: String, unit: RateUnit?)] = [
        ("value", nil), ("rate", nil), ("rps", .requestsPerSecond), ("qps", .requestsPerSecond),
        ("requests_per_second", .requestsPerSecond), ("rpm", .requestsPerMinute), ("rpm_mid", .requestsPerMinute),
        ("requests_per_minute", .requestsPerMinute), ("count", .count), ("requests", .count),
    ]

    /// Whether a header is that of a rate series rather than of requests.
    static func understands(_ header: TableHeader) -> Bool {
        valueColumn(of: header) != nil
            && RequestColumns(header: header, format: .csv).roles.compactMap { $0 } == [.timestamp]
    }

    static func valueColumn(of header: TableHeader) -> (index: Int, unit: RateUnit?)? {
        for (name, unit) in valueNames {
            if let index = header.index(of: [name]) { return (index, unit) }
        }
        return nil
    }

    init(header: TableHeader, file: String, options: TraceReadingOptions) throws(TraceError) {
        guard let timeIndex = header.index(of: RequestColumns.names(of: .timestamp, format: .csv)),
            let value = Self.valueColumn(of: header)
        else {
            throw TraceError(
                .missingColumn, file: file, line: 1,
                problem: "found the columns \(header.description), expected timestamp and one of "
                    + Self.valueNames.map(\.name).joined(separator: ", "),
                remedy: "A rate series has one row for each step: timestamp,value.")
        }
        self.file = file
        self.options = options
        self.header = header
        self.timeIndex = timeIndex
        inferredUnit = value.unit
        if let low = header.index(of: ["rpm_low"]), let high = header.index(of: ["rpm_high"]) {
            (lowIndex, highIndex) = (low, high)
        } else {
            (lowIndex, highIndex) = (value.index, value.index)
        }
        badRows = BadRows(areSkipped: options.skipsBadRows)
    }

    mutating func consume(_ line: UnsafeBufferPointer<UInt8>, number: Int) throws(TraceError) {
        if line.isEmpty { return }
        do {
            if let sample = try sample(line, number: number) {
                samples.append(sample)
            } else {
                samples.missingCount += 1
            }
        } catch {
            try badRows.meet(error)
        }
        guard samples.samples.count <= ReadingLimits.binsMax else {
            throw TraceError(
                .limit, file: file, line: number, problem: "more than \(ReadingLimits.binsMax) samples",
                remedy: "Use a longer step.")
        }
    }

    private mutating func sample(
        _ line: UnsafeBufferPointer<UInt8>, number: Int
    ) throws(TraceError) -> RateSamples.Sample? {
        var splitter = FieldSplitter(line, separator: header.separator)
        var fields: [ByteField] = []
        while let field = splitter.next() { fields.append(field) }
        let needed = max(timeIndex, lowIndex, highIndex) + 1
        guard fields.count >= needed else {
            throw TraceError(
                .badValue, file: file, line: number, column: line.count + 1,
                problem: "found \(fields.count) values, expected \(header.names.count) (\(header.description))",
                remedy: TraceError.skipRemedy)
        }
        guard let time = clock.arrival(fields[timeIndex]) else {
            throw fields[timeIndex].error(
                file: file, line: number, name: header.names[timeIndex], expected: clock.expectation)
        }
        guard let low = try rate(fields[lowIndex], index: lowIndex, line: number),
            let high = try rate(fields[highIndex], index: highIndex, line: number)
        else { return nil }
        return RateSamples.Sample(time: time, low: min(low, high), high: max(low, high))
    }

    /// Nil when the field says that there is no value.
    private func rate(_ field: ByteField, index: Int, line: Int) throws(TraceError) -> Double? {
        if field.isEmpty || field.text.lowercased() == "nan" { return nil }
        guard let value = field.number, value >= 0 else {
            throw field.error(file: file, line: line, name: header.names[index], expected: "a rate of zero or more")
        }
        return value
    }

    mutating func finish(name: String) throws(TraceError) -> LoadedTrace {
        let notes = [
            clock.countsFromFirstArrival ? "Dates count from the first sample, which is time zero." : nil, badRows.note,
        ]
        return try samples.load(
            file: file, name: name, inferredUnit: inferredUnit, countsFromStart: clock.countsFromFirstArrival,
            options: options, notes: notes.compactMap { $0 }, skippedCount: badRows.count)
    }
}
