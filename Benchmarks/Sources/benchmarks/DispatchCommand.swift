internal import ArgumentParser
internal import Foundation

/// How much more a fleet carries when those who can still be in time go first.
struct DispatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispatch",
        abstract: "Compare both orders of dispatch on fleets of constant size, and under Tideway's policy.")

    /// Fleets from far too small to ample.
    static let cells: [(trace: String, fleets: [Int])] = [
        ("code-1", [1, 2, 3, 4]), ("code-8", [4, 6, 8, 10, 12]), ("conv-1", [1, 2]), ("conv-8", [5, 6, 7, 8]),
    ]
    static let orders = ["fcfs", "slo"]
    static let policies = ["tideway", "tideway+slo", "hpa", "hpa+slo", "static", "static+slo"]

    @Option(help: "Seeds of start-up times, for the policies.")
    var seeds = 10

    func run() throws {
        var lines = [
            "# Dispatch as capacity", "",
            "`benchmarks dispatch`: profile 8b-a100, 1 s to the first token, 50 ms between tokens. fcfs is first come, first served;",
            "slo serves those who can still be in time first, and paces prefill (docs/dispatch.md).", "",
            "## Fleets of constant size", "",
            "Good: within both limits. Late: first token too late; p50 and p99 are of the times to first token of those alone, without end",
            "where so many were not answered ten minutes after the last arrival. Measured over the whole trace.", "",
        ]
        lines += Text.head([
            "trace", "replicas", "order", "good %", "late %", "late p50 s", "late p99 s", "between tokens ok %",
        ])
        for cell in Self.cells {
            for fleet in cell.fleets { lines += try Self.orders.map { try row(cell.trace, fleet, order: $0) } }
        }
        lines += try policyLines()
        try Places.writeResult("dispatch.md", lines.joined(separator: "\n") + "\n")
    }

    private func row(_ trace: String, _ fleet: Int, order: String) throws -> String {
        let document = try TidewayProcess.backtest(
            [
                "--trace", Places.derived(trace).path, "--schedule", try ScheduleFile.constant(fleet).path,
                "--dispatch",
                order,
            ], json: try Places.scratchFile("dispatch.json")
        ).document
        guard let run = document.runs.first else { throw BenchmarkError("the results hold no run") }
        let late = run.lateTtftSeconds
        let cells = [
            trace, "\(fleet)", order, Text.number(run.attainment * 100, 1),
            Text.number((1 - run.ttftOkRatio) * 100, 1), seconds(late.p50), seconds(late.p99),
            Text.number(run.itlOkRatio * 100, 1),
        ]
        print(cells.map { Text.padded($0, 10) }.joined())
        return Text.row(cells)
    }

    private func seconds(_ value: Double?) -> String { value.map { Text.number($0, 1) } ?? "without end" }

    // MARK: Policies

    private func policyLines() throws -> [String] {
        var lines = [
            "", "## Policies", "",
            "Untuned, \(seeds) seeds, start-up 60 s, measured after 20 minutes; `+slo` is the same policy with the order slo. x: multiple of",
            "the accelerator-hours of the clairvoyant schedule that serves first come, first served.", "",
        ]
        lines += Text.head(["trace", "policy", "good %", "accelerator-hours", "x"])
        for trace in ["code-8", "conv-8"] {
            let document = try TidewayProcess.backtest(
                [
                    "--trace", Places.derived(trace).path, "--measure-from", "20m", "--policy",
                    Self.policies.joined(separator: ","), "--seeds", "\(seeds)",
                ], json: try Places.scratchFile("dispatch.json")
            ).document
            for policy in Self.policies {
                let runs = document.runs.filter { $0.policy == policy }
                guard !runs.isEmpty else { continue }
                lines.append(Text.row([trace, policy] + figures(runs)))
            }
        }
        return lines
    }

    private func figures(_ runs: [BacktestDocument.Run]) -> [String] {
        let attainment = Statistics(runs.map { $0.attainment * 100 })
        let hours = Statistics(runs.map(\.acceleratorHours))
        let ratios = runs.compactMap(\.ratioToClairvoyant)
        return [
            Text.number(attainment.mean, 1) + " ± " + Text.number(attainment.deviation, 1),
            Text.number(hours.mean, 2) + " ± " + Text.number(hours.deviation, 2),
            ratios.isEmpty ? "-" : Text.number(Statistics(ratios).mean, 2),
        ]
    }
}
