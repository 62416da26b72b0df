internal import Foundation

/// The independent implementation's untuned results: attainment and accelerator-hours per policy and trace.
struct ReferenceTable {
    struct Cell {
        /// In percent.
        var attainment: Statistics
        var hours: Statistics
    }

    static let seeds = 10

    private(set) var policies: [String] = []
    private(set) var traces: [String] = []
    private var cells: [String: Cell] = [:]

    /// The first table after a phrase of a Markdown page.
    init(in page: String, after phrase: String) throws {
        guard let start = page.range(of: phrase) else {
            throw BenchmarkError("the reference page does not say '\(phrase)'")
        }
        for line in page[start.upperBound...].split(separator: "\n") {
            let fields = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if !line.hasPrefix("|") {
                if policies.isEmpty { continue } else { break }
            }
            if fields.first == "policy" { traces = Array(fields.dropFirst()) }
            guard !traces.isEmpty, fields.count == traces.count + 1, fields[0] != "policy", line.contains("±")
            else { continue }
            try addRow(fields)
        }
        guard !policies.isEmpty else { throw BenchmarkError("there is no table after '\(phrase)'") }
    }

    func cell(_ policy: String, _ trace: String) -> Cell? { cells[policy + " " + trace] }

    private mutating func addRow(_ fields: [String]) throws {
        policies.append(fields[0])
        for (trace, text) in zip(traces, fields.dropFirst()) {
            // 97.3 ± 0.6 %, 2.02 ± 0.01
            let numbers = text.split(whereSeparator: { !$0.isNumber && $0 != "." }).compactMap { Double($0) }
            guard numbers.count == 4 else { throw BenchmarkError("cannot read '\(text)' of \(fields[0])") }
            let seeds = ReferenceTable.seeds
            cells[fields[0] + " " + trace] = Cell(
                attainment: Statistics(mean: numbers[0], deviation: numbers[1], count: seeds),
                hours: Statistics(mean: numbers[2], deviation: numbers[3], count: seeds))
        }
    }
}
