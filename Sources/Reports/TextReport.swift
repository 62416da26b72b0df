package import Backtest
internal import Simulation

/// A backtest as a table for the terminal: one block per trace, and what to look at first.
package struct TextReport: Sendable {
    private let report: BacktestReport
    private let columns: Int
    private let isColoured: Bool
    /// Longer lines are hard to read.
    private static let widthMax = 120

    /// - Parameters:
    ///   - report: what is shown.
    ///   - columns: the terminal's width, of which at most 120 are used. When the table is wider, its last columns are
    ///     left out, and that is said.
    ///   - isColoured: whether escape sequences are written; false when the output is no terminal.
    package init(_ report: BacktestReport, columns: Int = 100, isColoured: Bool = false) {
        self.report = report
        self.columns = min(columns, Self.widthMax)
        self.isColoured = isColoured
    }

    /// Writes the table.
    ///
    /// - Returns: lines, each at most `columns` wide as far as the policies' names allow, with a line feed at the end.
    package func render() -> String {
        var lines: [String] = []
        for trace in report.traces {
            lines += block(trace)
            lines.append("")
        }
        lines += legend().flatMap { wrapped($0) }.map { style($0, .faint) }
        for note in report.notes { lines += wrapped("Note: \(note)") }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: One trace

    private func block(_ trace: String) -> [String] {
        let summaries = report.summaries(of: trace)
        let all = columns(for: summaries)
        let table = fitted(all, summaries)
        var lines = heading(trace, summaries)
        for level in 0..<2 {
            lines.append(style(row(table.map { $0.column.titles[level] }, table), .faint))
        }
        let met = summaries.count { $0.reaches(report.attainmentTarget) }
        for (offset, summary) in summaries.enumerated() {
            if offset == met && met > 0 { lines.append(style("- these miss the target:", .faint)) }
            let text = row(table.map { $0.column.cell(summary) }, table)
            lines.append(summary.reaches(report.attainmentTarget) ? style(text, .good) : text)
        }
        let hidden = all.count - table.count
        if hidden > 0 { lines.append(style("(\(hidden) columns do not fit in \(columns) characters)", .faint)) }
        return lines + referenceLine(trace) + wrapped(verdict(trace, summaries)).map { style($0, .strong) }
    }

    private func heading(_ trace: String, _ summaries: [PolicySummary]) -> [String] {
        guard let outcome = summaries.first?.runs.first?.outcome else { return [trace] }
        let requests = Figures.grouped(Double(outcome.requests))
        let seeds = summaries.map(\.runs.count).max() ?? 1
        let text = "\(trace): \(requests) requests in \(Figures.period(outcome.horizonSeconds))"
        return wrapped(text + (seeds > 1 ? ", \(seeds) seeds: mean ± standard deviation" : "")).map {
            style($0, .strong)
        }
    }

    private func referenceLine(_ trace: String) -> [String] {
        guard let references = report.references(of: trace) else { return [] }
        var parts = ["fluid bound \(Figures.amount(references.fluidAcceleratorHours))"]
        if let hours = references.clairvoyantAcceleratorHours { parts.append("clairvoyant \(Figures.amount(hours))") }
        if let hours = references.staticAcceleratorHours, let replicas = references.staticReplicas {
            parts.append("static \(Figures.amount(hours)) (\(replicas) replicas)")
        }
        return wrapped("References in accelerator-hours: \(parts.joined(separator: ", "))").map { style($0, .faint) }
    }

    private func verdict(_ trace: String, _ summaries: [PolicySummary]) -> String {
        let target = Figures.target(report.attainmentTarget)
        guard let best = summaries.first(where: { !$0.isTuned && $0.reaches(report.attainmentTarget) }) else {
            guard let nearest = summaries.max(by: { $0.attainment.mean < $1.attainment.mean }) else { return "" }
            let share = Figures.percent(nearest.attainment.mean)
            let kind = summaries.contains { $0.isTuned && $0.reaches(report.attainmentTarget) } ? "no untuned" : "no"
            return
                "Look first: \(kind) policy meets \(target)\u{a0}%; the best served is \(Self.name(nearest)) with \(share)\u{a0}%."
        }
        let equals = summaries.filter { !$0.isTuned && $0.reaches(report.attainmentTarget) && $0.costs(as: best) }
        let hours = "\(Figures.amount(best.acceleratorHours.mean)) accelerator-hours"
        let ratio =
            best.optionalStatistic(\.ratioToClairvoyant).map { ", \(Figures.amount($0.mean)) x clairvoyant" } ?? ""
        guard equals.count > 1 else {
            return
                "Look first: the cheapest untuned policy that meets \(target)\u{a0}% is \(best.policy) at \(hours)\(ratio)."
        }
        let names = equals.map(\.policy).joined(separator: ", ")
        return
            "Look first: the cheapest untuned policies that meet \(target)\u{a0}% are equal, \(names), at \(hours)\(ratio)."
    }

    private func legend() -> [String] {
        let target = Figures.target(report.attainmentTarget)
        var sentences = [
            "good: answered within all limits, of all that were offered, rounded down. First come those that meet "
                + "\(target)\u{a0}%, the cheapest first, then the others, the best served first. Accelerator-hours are as billed, start-up and "
                + "drain included; x: over those of the clairvoyant schedule, and of the best constant fleet."
        ]
        if report.runs.contains(where: \.isTuned) {
            sentences.append(
                "* tuned: its main setting was searched on this very trace until the target was just reached, or as nearly as it "
                    + "can be.")
        }
        return sentences
    }

    private static func name(_ summary: PolicySummary) -> String { summary.policy + (summary.isTuned ? " *" : "") }

    // MARK: Columns

    /// A column of the table, in the order of importance.
    private struct Column: Sendable {
        /// Two lines, so that columns are as narrow as their figures.
        let titles: [String]
        let cell: @Sendable (PolicySummary) -> String

        init(_ upper: String, _ lower: String, cell: @escaping @Sendable (PolicySummary) -> String) {
            titles = [upper, lower]
            self.cell = cell
        }

        static let answer = [
            Column("", "policy") { TextReport.name($0) },
            Column("good", "%") { percent($0.attainment) },
            Column("accelerator", "hours") { hours($0.acceleratorHours) },
        ]
        /// In the currency of the price.
        static let cost = Column("", "cost") { Figures.amount($0.cost.mean) }
        static let ratios = [
            Column("x clair-", "voyant") { ratio($0.optionalStatistic(\.ratioToClairvoyant)) },
            Column("x", "static") { ratio($0.optionalStatistic(\.ratioToStatic)) },
        ]
        /// For generated text.
        static let tokens = [
            Column("TTFT", "p99") { Figures.seconds($0.statistic { $0.outcome.ttft.p99 }.mean) },
            Column("ITL", "p99") { Figures.seconds($0.statistic { $0.outcome.itl.p99 }.mean) },
        ]
        /// For services that answer as a whole.
        static let latency = Column("latency", "p99") { Figures.seconds($0.statistic { $0.outcome.latency.p99 }.mean) }
        static let rest = [
            Column("unfin-", "ished") { Figures.grouped($0.statistic { Double($0.outcome.unfinished) }.mean) },
            Column("", "starts") { Figures.grouped($0.statistic { Double($0.outcome.starts) }.mean) },
        ]

        private static func ratio(_ statistic: Statistic?) -> String {
            statistic.map { Figures.amount($0.mean) } ?? "–"
        }

        private static func percent(_ statistic: Statistic) -> String {
            let spread = statistic.deviation.map { " ± \(Figures.decimal($0 * 100, places: 1))" }
            return Figures.percent(statistic.mean) + (spread ?? "")
        }

        /// The deviation has the decimals of the mean.
        private static func hours(_ statistic: Statistic) -> String {
            let mean = Figures.amount(statistic.mean)
            let decimals = mean.split(separator: ".").dropFirst().first?.count ?? 0
            return mean + (statistic.deviation.map { " ± \(Figures.decimal($0, places: decimals))" } ?? "")
        }
    }

    private func columns(for summaries: [PolicySummary]) -> [Column] {
        let isService = report.plant.contains { $0.name == "slo_latency_seconds" }
        let hasPrices = summaries.contains { $0.cost.mean > 0 }
        return Column.answer + (hasPrices ? [Column.cost] : []) + Column.ratios
            + (isService ? [Column.latency] : Column.tokens) + Column.rest
    }

    /// The columns that fit, from the most important on, with their widths.
    private func fitted(_ all: [Column], _ summaries: [PolicySummary]) -> [(column: Column, width: Int)] {
        var result: [(column: Column, width: Int)] = []
        var total = 0
        for column in all {
            let width = (column.titles + summaries.map(column.cell)).map(\.count).max() ?? 0
            total += result.isEmpty ? width : width + 2
            // The first three are the answer; without them there is no table.
            if result.count >= 3 && total > columns { break }
            result.append((column, width))
        }
        return result
    }

    private func row(_ cells: [String], _ table: [(column: Column, width: Int)]) -> String {
        zip(cells, table).enumerated().map { offset, pair in
            let padding = String(repeating: " ", count: max(0, pair.1.width - pair.0.count))
            return offset == 0 ? pair.0 + padding : "  " + padding + pair.0
        }.joined().trimmingTrailingSpaces()
    }

    // MARK: Lines

    private func wrapped(_ text: String) -> [String] {
        let indent = String(text.prefix { $0 == " " })
        var lines: [String] = []
        var line = indent
        for word in text.split(separator: " ") {
            if line.count + word.count + 1 > columns && line != indent {
                lines.append(line)
                line = indent
            }
            line += (line == indent ? "" : " ") + word
        }
        return lines + [line]
    }

    private enum Style: String {
        case strong = "1"
        case faint = "2"
        case good = "32"
    }

    private func style(_ text: String, _ style: Style) -> String {
        isColoured ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}

extension String {
    fileprivate func trimmingTrailingSpaces() -> String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
