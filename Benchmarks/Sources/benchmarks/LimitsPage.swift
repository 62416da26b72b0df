internal import Foundation

/// The page of limits: a table per workload and start-up, from the cells that exist, and what limits most in each.
enum LimitsPage {
    /// After the policy's name, before the part that is replaced.
    static let orders = ["", "+slo"]
    static let target = 0.99
    /// What saves less than this, in x, is noise of start-up times.
    static let least = 0.02

    static func text() throws -> String {
        var lines = [
            "# What limits Tideway's policy", "",
            "`benchmarks limits`: the policy `tideway` with one part replaced by its perfect version, which nobody can have (docs/backtest.md,",
            "\"What limits a policy\"). Workloads as in costs.md, \(LimitsCommand.seeds) seeds. x: multiple of the clairvoyant's accelerator-hours (first come, first served).",
            "Left of \"tuned\" the policy as it comes. Tuned: its knob, a factor on forecast and head-room, searched until 99 % is just reached on this very trace,",
            "which is the perfect version of the capacity curve: x there compares at equal service. Where that is well above 99 %, attainment jumps",
            "from one knob to the next, and x is too high for it. `slo` is the other order of dispatch.",
            "",
            "Instant start-up: ready at once after an order, while the policy plans as for the stated time. Exact: every start takes the stated",
            "time. Whole replicas cannot be replaced; what rounding up adds to a fleet that follows each minute's work exactly, by the capacity",
            "curve, stands below each table, in x.", "",
            "**What limits most** is computed. While the policy misses 99 %: the part whose perfect version brings it nearest, or reaches it at least",
            "cost. In cost: of perfect versions (one part; other dispatch; tuned alone) the one that lowers the tuned x most, against the tuned policy",
            "as it is; of tuning against the policy as it comes. A gain below \(Text.number(least, 2)) counts as none.",
        ]
        for workload in LimitsCommand.workloads {
            for seconds in LimitsCommand.startUps { lines += try section(workload, seconds) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func section(_ workload: String, _ startUp: Int) throws -> [String] {
        let file = try LimitsCommand.cell(workload, startUp)
        guard FileManager.default.fileExists(atPath: file.path) else {
            return ["", "## \(workload), start-up \(startUp) s", "", "Not measured yet."]
        }
        let document = try BacktestDocument(contentsOf: file)
        let findings = LimitsFindings(document)
        var lines = ["", "## \(workload), start-up \(startUp) s", ""]
        lines += Text.head(
            ["replaced"]
                + orders.flatMap { order in
                    ["tideway\(order): attainment %", "x", "tuned: %", "x"]
                })
        for replacement in Replacement.all {
            lines.append(
                Text.row(
                    [replacement.name]
                        + orders.flatMap { order in
                            cells(findings.row(order, replacement, isTuned: false))
                                + cells(findings.row(order, replacement, isTuned: true))
                        }))
        }
        return lines + [""] + sentences(findings)
    }

    private static func cells(_ row: LimitsFindings.Row?) -> [String] {
        guard let row else { return ["-", "-"] }
        // Rounded down: what misses 99 % is never shown as 99.0.
        let share = (row.attainment * 1000 + 1e-9).rounded(.down) / 10
        return [Text.number(share, 1), row.ratio.map { Text.number($0, 2) } ?? "-"]
    }

    private static func sentences(_ findings: LimitsFindings) -> [String] {
        let rounding = findings.rounding.map { "Rounding to whole replicas: \(Text.number($0, 2)) x. " } ?? ""
        return [rounding + orders.map { findings.sentence($0) }.joined(separator: " ")]
    }
}
