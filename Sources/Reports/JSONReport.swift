package import Backtest
internal import Fleet
internal import Routing
internal import Simulation

/// A backtest as a JSON document. `docs/backtest.md` defines its schema and every figure in it; names are never changed, only
/// added.
package struct JSONReport: Sendable {
    /// Counts up when a name changes its meaning.
    package static let schema = 1

    private let report: BacktestReport

    /// - Parameter report: what is written.
    package init(_ report: BacktestReport) { self.report = report }

    /// Writes the document: one line per run and per reference, so that two documents can be compared line by line.
    ///
    /// - Returns: the text with a line feed at the end.
    package func render() -> String {
        let members: [(String, String)] = [
            ("schema", String(Self.schema)),
            ("plant", Self.plant(report.plant).compactText),
            ("attainment_target", JSONValue.number(report.attainmentTarget).compactText),
            ("references", lines(report.references.map(Self.references))),
            ("runs", lines(report.runs.map(Self.run))),
            ("notes", JSONValue.array(report.notes.map { .string($0) }).compactText),
        ]
        return "{\n" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",\n") + "\n}\n"
    }

    private func lines(_ values: [JSONValue]) -> String {
        values.isEmpty ? "[]" : "[\n" + values.map(\.compactText).joined(separator: ",\n") + "\n]"
    }

    // MARK: Members

    /// Settings that are numbers are written as numbers, whole ones without loss.
    static func plant(_ settings: [(name: String, value: String)]) -> JSONValue {
        .object(
            settings.map { name, value in
                let isNumber = value.wholeMatch(of: /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/) != nil
                if isNumber, let whole = UInt64(value) { return (name, .unsigned(whole)) }
                return (name, isNumber ? Double(value).map { .number($0) } ?? .string(value) : .string(value))
            })
    }

    static func references(_ references: TraceReferences) -> JSONValue {
        .object([
            ("trace", .string(references.trace)),
            ("fluid_accelerator_hours", .number(references.fluidAcceleratorHours)),
            ("rounding_accelerator_hours", .number(references.roundingAcceleratorHours)),
            ("static_replicas", references.staticReplicas.map { .integer($0) } ?? .null),
            ("static_accelerator_hours", .optional(references.staticAcceleratorHours)),
            ("clairvoyant_accelerator_hours", .optional(references.clairvoyantAcceleratorHours)),
        ])
    }

    private static func run(_ run: BacktestRun) -> JSONValue {
        .object(identity(run) + service(run.outcome) + bill(run) + comparison(run) + further(run.outcome))
    }

    private static func identity(_ run: BacktestRun) -> [(String, JSONValue)] {
        [
            ("trace", .string(run.trace)), ("policy", .string(run.policy)),
            ("dispatch", .string(run.dispatch.rawValue)), ("tuned", .bool(run.isTuned)), ("knob", .number(run.knob)),
            ("seed", .unsigned(run.seed)),
        ]
    }

    private static func service(_ outcome: SimulationOutcome) -> [(String, JSONValue)] {
        [
            ("requests", .integer(outcome.requests)), ("attainment", .number(outcome.attainment)),
            ("ttft_ok_ratio", .number(outcome.ttftOKRatio)), ("itl_ok_ratio", .number(outcome.itlOKRatio)),
            ("unfinished", .integer(outcome.unfinished)),
        ]
    }

    private static func bill(_ run: BacktestRun) -> [(String, JSONValue)] {
        let outcome = run.outcome
        return [
            ("accelerator_hours", .number(outcome.acceleratorHours)), ("replica_hours", .number(outcome.replicaHours)),
            ("start_up_hours", .number(outcome.startUpSeconds / 3600)), ("cost", .number(run.cost)),
            ("energy_kwh", .number(outcome.energy.kilowattHours)), ("ttft_seconds", percentiles(outcome.ttft)),
            ("itl_seconds", percentiles(outcome.itl)), ("starts", .integer(outcome.starts)),
            ("scale_actions", .integer(outcome.scaleActions)), ("peak_replicas", .integer(outcome.peak)),
        ]
    }

    private static func comparison(_ run: BacktestRun) -> [(String, JSONValue)] {
        [
            ("ratio_to_clairvoyant", .optional(run.ratioToClairvoyant)),
            ("ratio_to_static", .optional(run.ratioToStatic)), ("ratio_to_fluid", .optional(run.ratioToFluid)),
            ("simulate_seconds", .optional(run.simulateSeconds)),
        ]
    }

    private static func further(_ outcome: SimulationOutcome) -> [(String, JSONValue)] {
        [
            ("latency_seconds", percentiles(outcome.latency)),
            ("late_ttft_seconds", percentiles(outcome.lateTTFT)), ("failed", .integer(outcome.failed)),
            ("ttft_mean_seconds", .optional(outcome.ttftMean)), ("itl_mean_seconds", .optional(outcome.itlMean)),
            ("preemptions", .integer(outcome.preemptions)),
            ("busy_fraction", .number(outcome.busyFraction)), ("measured_seconds", .number(outcome.horizonSeconds)),
            ("digest", .string(String(outcome.digest, radix: 16))),
        ]
    }

    private static func percentiles(_ values: Percentiles) -> JSONValue {
        .object([("p50", .number(values.p50)), ("p95", .number(values.p95)), ("p99", .number(values.p99))])
    }
}
