internal import CZlib
package import Performance

/// Reads tables of measured times: a user's own, and three published ones, told apart by their headers (docs/profiles.md).
package enum BenchmarkTable {
    /// What was taken from a file.
    package struct Selection: Sendable {
        /// Repeats merged by their median.
        package var measurements: [FitMeasurement]
        /// Setups of the rows that were taken.
        package var setups: [BenchmarkRow.Setup]
        /// Rows left out because they lie beyond the filter's limits.
        package var leftOut: Int
    }

    /// The measurements of a file's rows that pass a filter.
    ///
    /// - Parameters:
    ///   - path: a CSV file with a header, plain or gzip.
    ///   - filter: which rows to take.
    /// - Returns: The times, and where they come from.
    /// - Throws: `BenchmarkError` naming file, line and column.
    package static func measurements(path: String, filter: BenchmarkFilter) throws(BenchmarkError) -> Selection {
        let rows = try parse(text(path: path), file: path)
        let (kept, left) = try filter.select(rows, file: path)
        var setups: [BenchmarkRow.Setup] = []
        for row in kept where !setups.contains(row.setup) { setups.append(row.setup) }
        return Selection(
            measurements: FitMeasurement.merged(kept.flatMap(\.measurements)), setups: setups, leftOut: left)
    }

    /// The measurements of one setup.
    package struct Group: Sendable {
        package var setup: BenchmarkRow.Setup
        /// Repeats merged by their median.
        package var measurements: [FitMeasurement]
    }

    /// The measurements of a file by setup, in the order of the setups' descriptions.
    ///
    /// - Parameters:
    ///   - path: a CSV file with a header, plain or gzip.
    ///   - filter: which rows to take; more than one setup may pass.
    /// - Returns: a group for each setup that has rows.
    /// - Throws: `BenchmarkError` naming file, line and column.
    package static func groups(path: String, filter: BenchmarkFilter) throws(BenchmarkError) -> [Group] {
        var rows: [BenchmarkRow.Setup: [BenchmarkRow]] = [:]
        for row in filter.matching(try parse(text(path: path), file: path)) { rows[row.setup, default: []].append(row) }
        return rows.keys.sorted { $0.description < $1.description }.map { setup in
            let kept = (rows[setup] ?? []).filter(filter.isWithinLimits)
            return Group(setup: setup, measurements: FitMeasurement.merged(kept.flatMap(\.measurements)))
        }.filter { !$0.measurements.isEmpty }
    }

    /// Parses a table's text.
    static func parse(_ text: String, file: String) throws(BenchmarkError) -> [BenchmarkRow] {
        let table = CSVTable(text)
        guard let layout = BenchmarkLayout.all.first(where: { $0.fits(table) }) else {
            let known = BenchmarkLayout.all.map { "  \($0.name): \($0.required.joined(separator: ", "))" }
            throw BenchmarkError(
                code: .unknownTable, file: file, line: 1,
                message: "the header fits no known table. Known ones need these columns:\n"
                    + known.joined(separator: "\n"))
        }
        var rows: [BenchmarkRow] = []
        for row in table.rows {
            let cells = BenchmarkCells(table: table, row: row, file: file)
            let parsed = try layout.parse(cells)
            if !parsed.measurements.isEmpty { rows.append(parsed) }
        }
        return rows
    }

    /// The file's text; zlib reads plain files as they are and unpacks gzip.
    static func text(path: String) throws(BenchmarkError) -> String {
        guard let file = gzopen(path, "rb") else {
            throw BenchmarkError(
                code: .unreadableFile, file: path, message: "cannot be opened; name a readable CSV file")
        }
        defer { gzclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = gzread(file, &buffer, UInt32(buffer.count))
            guard count >= 0 else {
                throw BenchmarkError(
                    code: .unreadableFile, file: path, message: "cannot be read; is it a damaged gzip?")
            }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<Int(count)]
        }
    }
}

/// One row's cells by column name.
struct BenchmarkCells {
    let table: CSVTable
    let row: CSVTable.Row
    let file: String

    /// The cell's text; empty when the column or the cell is not there.
    func text(_ column: String) -> String {
        guard let index = table.index(of: column), index < row.fields.count else { return "" }
        return row.fields[index]
    }

    /// The number above zero in a cell; nil when it is empty.
    func positive(_ column: String) throws(BenchmarkError) -> Double? {
        let text = text(column)
        guard !text.isEmpty else { return nil }
        guard let number = Double(text), number.isFinite, number > 0 else {
            throw error(column, "found \"\(text)\"; write a number above zero, or leave the cell empty")
        }
        return number
    }

    /// The number above zero in a cell that must not be empty.
    func required(_ column: String) throws(BenchmarkError) -> Double {
        guard let number = try positive(column) else { throw error(column, "empty; write a number above zero") }
        return number
    }

    func error(_ column: String, _ message: String) -> BenchmarkError {
        BenchmarkError(code: .badValue, file: file, line: row.line, column: column, message: message)
    }
}
