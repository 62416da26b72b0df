internal import Load

/// A load run's results for people.
struct LoadText {
    private let report: LoadReport

    init(_ report: LoadReport) { self.report = report }

    private static let head = [
        "model", "offered", "answered", "good %", "TTFT p50", "p99", "ITL p50", "p99", "whole p50", "p99", "tokens/s",
    ]

    var lines: [String] {
        let rows = [LoadText.head] + report.workloads.map(row)
        return [title] + TextColumns(rows).lines + failures
    }

    /// What a reader must know before believing the figures.
    var warnings: [String] {
        var warnings: [String] = []
        if report.isLate {
            warnings.append(
                "this machine sent late (p99 \(LoadText.time(report.lag.p99))): latencies hold its own delay. Send less, or "
                    + "from a machine with more to spare.")
        }
        let short = report.workloads.reduce(0) { $0 + $1.shortAnswers }
        if short > 0 {
            warnings.append("\(grouped(short)) answers had fewer tokens than the trace: the server ignores ignore_eos.")
        }
        let refused = report.workloads.reduce(0) { $0 + ($1.outcomes[RequestOutcome.overLimit.name] ?? 0) }
        if refused > 0 {
            warnings.append("\(grouped(refused)) requests were never sent: --concurrency-limit was reached.")
        }
        return warnings + report.workloads.compactMap(advice)
    }

    /// What to look at when the server has answered none at all: then it is the same mistake each time.
    private func advice(_ workload: LoadReport.Workload) -> String? {
        guard workload.answered == 0, let most = workload.outcomes.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })
        else { return nil }
        let meanings = [
            RequestOutcome.connectFailed.name: "nobody listens at \(report.target); is it running, and --url right?",
            RequestOutcome.status(401).name: "the server wants an API key: --api-key-env NAME",
            RequestOutcome.status(404).name:
                "the server knows no model \(workload.model), or not the path \(report.target); GET /v1/models lists its models",
            RequestOutcome.status(503).name: "the server has no capacity: tideway status tells why, if it is Tideway's",
        ]
        return meanings[most.key].map { "no request was answered: \($0)." }
    }

    private var title: String {
        "\(report.target), \(fixed(report.seconds, 1)) s\(report.wasStopped ? ", stopped before its end" : "")"
            + "; at most \(grouped(report.inFlightMax)) in flight; sent late by p99 \(LoadText.time(report.lag.p99))"
    }

    private func row(_ workload: LoadReport.Workload) -> [String] {
        let latencies = [workload.ttft, workload.itl, workload.latency].flatMap { [$0.p50, $0.p99] }
        return [
            workload.model, grouped(workload.offered), grouped(workload.answered),
            LoadText.percent(workload.attainment),
        ] + latencies.map(LoadText.time)
            + [fixed(Double(workload.outputTokens) / max(report.seconds, 1e-9), 0)]
    }

    /// Everything that was not answered, by kind.
    private var failures: [String] {
        report.workloads.compactMap { workload in
            let kinds = workload.outcomes.filter { $0.key != RequestOutcome.answered.name }.sorted { $0.key < $1.key }
            guard !kinds.isEmpty else { return nil }
            return "not answered (\(workload.model)): "
                + kinds.map { "\($0.key) \(grouped($0.value))" }.joined(separator: ", ")
        }
    }

    /// Rounded down: what misses 99 % is never shown as 99.0.
    static func percent(_ ratio: Double?) -> String {
        ratio.map { fixed(($0 * 1000 + 1e-6).rounded(.down) / 10, 1) } ?? "-"
    }

    static func time(_ seconds: Double?) -> String {
        guard let seconds else { return "-" }
        switch seconds {
        case ..<0.00995: return "\(fixed(seconds * 1000, 1)) ms"
        case ..<0.9995: return "\(fixed(seconds * 1000, 0)) ms"
        default: return "\(fixed(seconds, 2)) s"
        }
    }
}

/// Rows of cells as lines: the first column to the left, the others to the right.
struct TextColumns {
    private let rows: [[String]]

    init(_ rows: [[String]]) { self.rows = rows }

    var lines: [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let pad = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + pad : pad + cell
            }.joined(separator: "  ")
        }
    }
}
