/// Reads the rows of a table of measurements.
struct SeriesTableParser {
    private struct Row {
        var time: Double
        var value: Double?
        var covariates: [Double?]
    }

    private let file: String
    private let header: TableHeader
    private let timeIndex: Int
    /// Two for a range, whose middle counts.
    private let valueIndices: [Int]
    private let covariateIndices: [Int]
    private let name: String
    private var clock = ArrivalClock()
    private var rows: [Row] = []
    private var badRows: BadRows

    init(
        header: TableHeader, file: String, column: String?, covariates: [String], skipsBadRows: Bool
    ) throws(TraceError) {
        self.file = file
        self.header = header
        badRows = BadRows(areSkipped: skipsBadRows)
        guard let time = header.index(of: RequestColumns.names(of: .timestamp, format: .csv)) else {
            throw Self.missing("timestamp", header, file, remedy: "Each row begins with the time of its sample.")
        }
        timeIndex = time
        if let column {
            guard let index = header.index(of: [column]) else {
                throw Self.missing(column, header, file, remedy: "Name one of them with --column.")
            }
            (valueIndices, name) = ([index], header.names[index])
        } else if let low = header.index(of: ["rpm_low"]), let high = header.index(of: ["rpm_high"]) {
            (valueIndices, name) = ([low, high], "rpm")
        } else if let value = RateTableParser.valueColumn(of: header) {
            (valueIndices, name) = ([value.index], header.names[value.index])
        } else {
            throw Self.missing("value", header, file, remedy: "Name the column to forecast with --column.")
        }
        var indices: [Int] = []
        for covariate in covariates {
            guard let index = header.index(of: [covariate]) else {
                throw Self.missing(covariate, header, file, remedy: "Covariates are columns of the same table.")
            }
            indices.append(index)
        }
        covariateIndices = indices
    }

    private static func missing(_ name: String, _ header: TableHeader, _ file: String, remedy: String) -> TraceError {
        TraceError(
            .missingColumn, file: file, line: 1,
            problem: "found the columns \(header.description), expected \(name)", remedy: remedy)
    }

    mutating func consume(_ line: UnsafeBufferPointer<UInt8>, number: Int) throws(TraceError) {
        do {
            rows.append(try row(line, number: number))
        } catch {
            try badRows.meet(error)
        }
        guard rows.count <= ReadingLimits.binsMax else {
            throw TraceError(
                .limit, file: file, line: number, problem: "more than \(ReadingLimits.binsMax) samples",
                remedy: "Use a longer step.")
        }
    }

    private mutating func row(_ line: UnsafeBufferPointer<UInt8>, number: Int) throws(TraceError) -> Row {
        var splitter = FieldSplitter(line, separator: header.separator)
        var fields: [ByteField] = []
        while let field = splitter.next() { fields.append(field) }
        guard let needed = ([timeIndex] + valueIndices + covariateIndices).max(), fields.count > needed else {
            throw TraceError(
                .badValue, file: file, line: number, column: line.count + 1,
                problem: "found \(fields.count) values, expected \(header.names.count) (\(header.description))",
                remedy: TraceError.skipRemedy)
        }
        guard let time = clock.arrival(fields[timeIndex]) else {
            throw fields[timeIndex].error(
                file: file, line: number, name: header.names[timeIndex], expected: clock.expectation)
        }
        var values: [Double?] = []
        for index in valueIndices { values.append(try reading(fields[index], index: index, line: number)) }
        var covariates: [Double?] = []
        for index in covariateIndices { covariates.append(try reading(fields[index], index: index, line: number)) }
        let known = values.compactMap { $0 }
        let value = known.count == values.count ? known.reduce(0, +) / Double(known.count) : nil
        return Row(time: time, value: value, covariates: covariates)
    }

    /// Nil when the field says that there is no value.
    private func reading(_ field: ByteField, index: Int, line: Int) throws(TraceError) -> Double? {
        if field.isEmpty || field.text.lowercased() == "nan" { return nil }
        guard let value = field.number else {
            throw field.error(file: file, line: line, name: header.names[index], expected: "a number, or nothing")
        }
        return value
    }

    /// The rows by time; nil when none has a value.
    mutating func finish() -> MeasuredSeries? {
        guard rows.contains(where: { $0.value != nil }) else { return nil }
        var notes = [badRows.note].compactMap { $0 }
        if clock.countsFromFirstArrival { notes.append("Times count from the first sample, which is time zero.") }
        if !zip(rows, rows.dropFirst()).allSatisfy({ $0.time <= $1.time }) {
            rows = rows.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(
                \.element)
            notes.append("Samples were out of order and were sorted.")
        }
        let origin = clock.countsFromFirstArrival ? rows[0].time : 0
        let missing = rows.count { $0.value == nil }
        if missing > 0 { notes.append("\(missing) samples had no value; they are gaps.") }
        return MeasuredSeries(
            times: rows.map { $0.time - origin }, values: rows.map(\.value), covariates: filledCovariates(), name: name,
            notes: notes)
    }

    /// A covariate without a value keeps the one before; before its first one it has that.
    private func filledCovariates() -> [[Double]] {
        covariateIndices.indices.map { index in
            var last = rows.lazy.compactMap { $0.covariates[index] }.first ?? 0
            return rows.map { row in
                last = row.covariates[index] ?? last
                return last
            }
        }
    }
}
