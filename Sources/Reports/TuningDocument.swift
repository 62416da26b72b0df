package import Backtest
internal import Policies

/// A search for settings as a JSON document, and as one page that opens from a file, without a network.
package struct TuningDocument: Sendable {
    /// Counts up when a name changes its meaning.
    package static let schema = 1

    private let report: TuningReport

    /// - Parameter report: what is written.
    package init(_ report: TuningReport) { self.report = report }

    /// The document of `--json`, with a line feed at the end. `docs/tuning.md` says what it holds.
    package var json: String { value.compactText + "\n" }

    /// The whole page.
    package var html: String {
        PageTemplate(
            kind: "tuning", body: PackageResources.tuning_html, script: PackageResources.tuning_js,
            hasTimeCharts: false
        ).filled(value)
    }

    private var value: JSONValue {
        .object([
            ("schema", .integer(Self.schema)), ("subject", .string(report.subject)),
            ("policy", .string(report.policy)), ("attainment_target", .number(report.attainmentTarget)),
            ("verdict", .string(report.verdict.rawValue)),
            ("summary", .string(TuningSummary(report).sentences.joined(separator: " "))),
            ("parameters", .array(report.parameters.map(Self.parameter))),
            ("candidates", .array(report.candidates.map(candidate))),
            ("curve", .array(report.curve.map { .integer($0) })), ("chosen", .integer(report.chosen)),
            ("kept", .integer(report.kept)), ("held_out", report.heldOut.map(Self.heldOut) ?? .null),
            ("runs", .integer(report.runCount)), ("plant", JSONReport.plant(report.plant)),
            ("notes", .array(report.notes.map { .string($0) })),
        ])
    }

    private static func parameter(_ parameter: TidewayParameter) -> JSONValue {
        let box = parameter.searched ?? parameter.range
        return .object([
            ("name", .string(parameter.name)), ("from", .number(box.lowerBound)), ("to", .number(box.upperBound)),
            ("meaning", .string(parameter.meaning)),
        ])
    }

    private func candidate(_ candidate: TuningReport.Candidate) -> JSONValue {
        .object(
            [
                ("settings", .array(report.parameters.map { .number($0.value(in: candidate.settings)) })),
                ("seeds", .integer(candidate.runs.count)),
            ] + Self.figures(candidate.runs))
    }

    private static func heldOut(_ comparison: HeldOutComparison) -> JSONValue {
        .object([
            ("default", .object(figures(comparison.standard))), ("chosen", .object(figures(comparison.chosen))),
            ("is_better", .bool(comparison.isBetter)),
        ])
    }

    private static func figures(_ runs: [TuningMeasurement]) -> [(String, JSONValue)] {
        let (hours, shares) = (Statistic(runs.map(\.acceleratorHours)), Statistic(runs.map(\.attainment)))
        return [
            ("accelerator_hours", .number(hours.mean)), ("accelerator_hours_deviation", .optional(hours.deviation)),
            ("attainment", .number(shares.mean)), ("attainment_deviation", .optional(shares.deviation)),
        ]
    }
}
