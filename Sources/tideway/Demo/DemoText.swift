/// A demonstration's results for people.
struct DemoText {
    private let report: DemoReport

    init(_ report: DemoReport) { self.report = report }

    private static let head = [
        "workload", "requests", "good %", "accelerator-hours", "constant fleet", "saved %", "clairvoyant saves %",
        "share of that %", "actions", "simulated: good %", "hours",
    ]

    var lines: [String] {
        let rows = report.workloads + [report.total]
        return [
            "",
            "The accelerators are emulated (\(report.profile)): timing is real, the answers mean nothing. "
                + "\(report.requestSizes.prefix(1).uppercased() + report.requestSizes.dropFirst()).",
            "",
        ] + TextColumns([DemoText.head] + rows.map(row)).lines + ["", verdict] + explanation
    }

    private func row(_ line: DemoReport.Line) -> [String] {
        let fleet = line.staticAcceleratorHours.map { "\(line.staticReplicas ?? 0) = \(fixed($0, 3)) h" }
        return [
            line.id, grouped(line.offered), LoadText.percent(line.attainment), fixed(line.acceleratorHours, 3),
            fleet ?? "none", DemoText.percent(line.saving), DemoText.percent(line.clairvoyantSaving),
            DemoText.percent(line.savingShare), grouped(line.actions), LoadText.percent(line.simulatedAttainment),
            fixed(line.simulatedAcceleratorHours, 3),
        ]
    }

    private static func percent(_ ratio: Double?) -> String { ratio.map { fixed($0 * 100, 0) } ?? "-" }

    private var verdict: String {
        let target = "\(fixed(report.attainmentTarget * 100, 0)) %"
        let served = report.total.attainment >= report.attainmentTarget ? "kept" : "missed"
        let saved =
            report.total.saving.map { "\(DemoText.percent($0)) % of the accelerator-hours" } ?? "an unknown share"
        return "Tideway \(served) the promise of \(target) good, and saved \(saved) of the smallest constant fleets."
    }

    private var explanation: [String] {
        [
            "constant fleet: the smallest that reaches the target on these very requests, found by simulation; the",
            "clairvoyant knows them beforehand. good: answered within all limits, counted from when a request was due.",
        ]
    }
}
