internal import Foundation

/// The page of costs: a table per workload and start-up, from the cells that exist.
enum CostPage {
    static func text() throws -> String {
        var lines = [
            "# What each policy costs", "",
            "`benchmarks results`: the Azure hours of 2023 at about 1, 8 and 40 replicas (superposed copies) on 8b-a100, and codeweek-3d (three",
            "days of the digitised code week of 2024) on 70b-h100x4, each after 20 minutes of warm-up. Untuned: defaults, 10 seeds (week: 3),",
            "mean ± standard deviation. Tuned: each policy's main knob turned until 99 % is just reached on this very trace, 3 seeds. x: multiple",
            "of the clairvoyant's accelerator-hours; it serves first come, first served. `NAME+slo`: the same policy, served in the order slo.",
            "A dash stands for what was not run.",
        ]
        for workload in Workload.all {
            for seconds in [60, 180] { lines += try table(workload, startUp: seconds) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func table(_ workload: Workload, startUp: Int) throws -> [String] {
        let untuned = try document(workload, startUp: startUp, isTuned: false)
        let tuned = try document(workload, startUp: startUp, isTuned: true)
        guard let first = untuned ?? tuned else { return [] }
        var lines = ["", "## \(workload.name), start-up \(startUp) s", ""]
        if let reference = first.references.first { lines += [describe(reference), ""] }
        lines += Text.head(["policy", "attainment %", "accelerator-hours", "x", "tuned: accelerator-hours", "x"])
        let clairvoyant = first.references.first?.clairvoyantAcceleratorHours
        for policy in policies(of: first) {
            let plain = (untuned?.runs ?? []).filter { $0.policy == policy && !$0.tuned }
            let best = (tuned?.runs ?? []).filter { $0.policy == policy && $0.tuned }
            lines.append(Text.row([policy] + untunedCells(plain, clairvoyant) + tunedCells(best, clairvoyant)))
        }
        return lines
    }

    private static func document(_ workload: Workload, startUp: Int, isTuned: Bool) throws -> BacktestDocument? {
        let file = try ResultsCommand.cell(workload, startUp: startUp, isTuned: isTuned)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try BacktestDocument(contentsOf: file)
    }

    /// In the order of the runs.
    private static func policies(of document: BacktestDocument) -> [String] {
        var names: [String] = []
        for run in document.runs where !names.contains(run.policy) { names.append(run.policy) }
        return names
    }

    private static func describe(_ reference: BacktestDocument.Reference) -> String {
        let hours: (Double?) -> String = { $0.map { Text.number($0, 2) } ?? "-" }
        let fleet = reference.staticReplicas.map { " (\($0) replicas)" } ?? ""
        return "Accelerator-hours: clairvoyant \(hours(reference.clairvoyantAcceleratorHours)), static in hindsight "
            + "\(hours(reference.staticAcceleratorHours))\(fleet), fluid bound \(hours(reference.fluidAcceleratorHours))."
    }

    private static func untunedCells(_ runs: [BacktestDocument.Run], _ clairvoyant: Double?) -> [String] {
        guard !runs.isEmpty else { return ["-", "-", "-"] }
        let attainment = Statistics(runs.map { $0.attainment * 100 })
        let hours = Statistics(runs.map(\.acceleratorHours))
        return [both(attainment, 1), both(hours, 2), ratio(hours.mean, clairvoyant)]
    }

    private static func tunedCells(_ runs: [BacktestDocument.Run], _ clairvoyant: Double?) -> [String] {
        guard !runs.isEmpty else { return ["-", "-"] }
        let attainment = Statistics(runs.map(\.attainment)).mean
        if attainment < 0.99 - ResultsCommand.targetTolerance {
            return ["\(Text.number(attainment * 100, 1)) % at most", "-"]
        }
        let hours = Statistics(runs.map(\.acceleratorHours)).mean
        return [Text.number(hours, 2), ratio(hours, clairvoyant)]
    }

    private static func both(_ value: Statistics, _ digits: Int) -> String {
        Text.number(value.mean, digits) + " ± " + Text.number(value.deviation, digits)
    }

    private static func ratio(_ hours: Double, _ clairvoyant: Double?) -> String {
        clairvoyant.map { Text.number(hours / $0, 2) } ?? "-"
    }
}
