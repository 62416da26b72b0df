package import Performance

/// One row of a table of measurements, whatever table it comes from.
package struct BenchmarkRow: Hashable, Sendable {
    /// What was measured: rows of different setups are never fitted together unasked.
    package struct Setup: Hashable, Sendable, CustomStringConvertible {
        package var model = ""
        package var hardware = ""
        /// Accelerators of one replica; 0 when the table does not say.
        package var accelerators = 0
        package var framework = ""
        package var precision = ""
        /// How the model is split, where that is more than a number of accelerators.
        package var parallelism = ""

        package init() {}

        package var description: String {
            let parts = [
                model, hardware, accelerators > 0 ? "x \(accelerators)" : "", framework, precision, parallelism,
            ]
            let shown = parts.filter { !$0.isEmpty }
            return shown.isEmpty ? "(no model or hardware named)" : shown.joined(separator: ", ")
        }
    }

    package var setup: Setup
    package var measurements: [FitMeasurement]
    /// Requests that ran at once.
    package var concurrency: Double
    /// Tokens of context when all of them have their last one.
    package var tokensInFlight: Double
    /// Time to first token in a closed loop, in seconds.
    package var ttft: Double?
}

/// Which rows of a table to use.
package struct BenchmarkFilter: Hashable, Sendable {
    /// Each list: rows whose text equals one of its members, or contains one when none is equal; empty takes all. Two members
    /// mean that rows of both are fitted together.
    package var models: [String] = []
    package var hardware: [String] = []
    package var frameworks: [String] = []
    package var precisions: [String] = []
    package var parallelisms: [String] = []
    package var accelerators: Int?
    /// Rows with more requests at once are left out.
    package var concurrencyMax = 256.0
    /// Rows with a longer time to first token are left out: their requests queued for slots or memory.
    package var ttftMax = 10.0
    /// Rows whose requests hold more tokens than the measured machine's memory are left out.
    package var tokensInFlightMax: Double?

    package init() {}

    /// The rows that pass, and how many were left out by the last three limits.
    ///
    /// - Throws: `BenchmarkError` when none is left, or rows of more setups than were named.
    func select(_ rows: [BenchmarkRow], file: String) throws(BenchmarkError) -> (rows: [BenchmarkRow], left: Int) {
        let chosen = matching(rows)
        try check(chosen, of: rows, file: file)
        let kept = chosen.filter(isWithinLimits)
        guard !kept.isEmpty else {
            throw BenchmarkError(
                code: .nothingSelected, file: file,
                message:
                    "all \(chosen.count) rows lie beyond the limits of concurrency, time to first token and memory; "
                    + "raise them")
        }
        return (kept, chosen.count - kept.count)
    }

    /// The rows of the setups that were named.
    func matching(_ rows: [BenchmarkRow]) -> [BenchmarkRow] {
        var chosen = rows
        for (field, wanted) in fields { chosen = Self.matching(chosen, field, wanted) }
        if let accelerators { chosen.removeAll { $0.setup.accelerators != 0 && $0.setup.accelerators != accelerators } }
        return chosen
    }

    func isWithinLimits(_ row: BenchmarkRow) -> Bool {
        row.concurrency <= concurrencyMax && (row.ttft ?? 0) <= ttftMax
            && row.tokensInFlight <= tokensInFlightMax ?? .infinity
    }

    private var fields: [(@Sendable (BenchmarkRow.Setup) -> String, [String])] {
        [
            ({ $0.model }, models), ({ $0.hardware }, hardware), ({ $0.framework }, frameworks),
            ({ $0.precision }, precisions), ({ $0.parallelism }, parallelisms),
        ]
    }

    private static func matching(
        _ rows: [BenchmarkRow], _ field: (BenchmarkRow.Setup) -> String, _ wanted: [String]
    ) -> [BenchmarkRow] {
        // A table that names no engine at all cannot be filtered by it.
        guard !wanted.isEmpty, rows.contains(where: { !field($0.setup).isEmpty }) else { return rows }
        var kept: Set<BenchmarkRow.Setup> = []
        let setups = Set(rows.map(\.setup))
        for word in wanted.map({ $0.lowercased() }) {
            let equal = setups.filter { field($0).lowercased() == word }
            kept.formUnion(equal.isEmpty ? setups.filter { field($0).lowercased().contains(word) } : equal)
        }
        return rows.filter { kept.contains($0.setup) }
    }

    /// Nothing left, or more than was asked for: both list what there is to choose from.
    private func check(_ chosen: [BenchmarkRow], of rows: [BenchmarkRow], file: String) throws(BenchmarkError) {
        guard !chosen.isEmpty else {
            throw BenchmarkError(
                code: .nothingSelected, file: file,
                message: "no row passes the filters; the file holds\n" + Self.choices(rows))
        }
        let isAmbiguous = fields.contains { field, wanted in
            Set(chosen.map { field($0.setup) }).count > max(wanted.count, 1)
        }
        guard !isAmbiguous, Set(chosen.map(\.setup.accelerators)).count == 1 else {
            throw BenchmarkError(
                code: .ambiguousSelection, file: file,
                message: "rows of different setups would be fitted together; choose one with --model, --hardware, "
                    + "--accelerators, --framework, --precision or --parallelism:\n" + Self.choices(chosen))
        }
    }

    /// The setups with most rows first, at most 20 of them.
    private static func choices(_ rows: [BenchmarkRow]) -> String {
        var counts: [String: Int] = [:]
        for row in rows { counts[row.setup.description, default: 0] += 1 }
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let shown = sorted.prefix(20).map { "  \($0.value) rows: \($0.key)" }
        return (shown + (sorted.count > 20 ? ["  and \(sorted.count - 20) more"] : [])).joined(separator: "\n")
    }
}
