internal import Configuration

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
            DemoText.percent(line.savingShare), grouped(line.actions), DemoText.simulated(line),
            fixed(line.simulatedAcceleratorHours, 3),
        ]
    }

    /// Mean, and how far apart the phases of its clock lie.
    private static func simulated(_ line: DemoReport.Line) -> String {
        let (least, most) = (line.simulatedAttainmentMin, line.simulatedAttainmentMax)
        return "\(LoadText.percent(line.simulatedAttainment)) (\(LoadText.percent(least)) to \(LoadText.percent(most)))"
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
        let ordered = report.total.orderedStaticAcceleratorHours.map { "take \(fixed($0, 3)) h" } ?? "are not found"
        let order = [
            "Both serve first come, first served; here those who can still be in time went first, in which order the",
            "smallest constant fleets \(ordered).",
        ]
        return [
            "constant fleet: the smallest that reaches the target on these very requests, found by simulation; the",
            "clairvoyant knows them beforehand. good: answered within all limits, counted from when a request was due.",
        ] + (report.dispatch == RoutingSettings.Order.slo.rawValue ? order : [])
            + ["simulated: the same requests and policy; mean, and range over the moments at which decisions may fall."]
    }
}
