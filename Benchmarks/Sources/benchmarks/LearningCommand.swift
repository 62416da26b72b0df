internal import ArgumentParser
internal import Foundation

/// Whether the policy finds out that replicas are slower than their profile says, and that they change.
struct LearningCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learning",
        abstract: "Run Tideway's policy on an engine that differs from its profile, and changes in mid-run.")

    /// What the engine really does.
    private struct Scenario {
        var name: String
        /// Shares of the profile's speed, from an instant on, in minutes; the last one holds to the end.
        var speeds: [(minute: Int, share: Double)]
        /// Minute from which requests are counted: ten after the last change.
        var measuredFrom: Int
    }

    private static let scenarios = [
        Scenario(name: "as the profile says", speeds: [], measuredFrom: 20),
        Scenario(name: "30 % slower from the start", speeds: [(0, 0.77)], measuredFrom: 10),
        Scenario(name: "30 % slower, then 67 % from minute 40 on", speeds: [(0, 0.77), (40, 0.6)], measuredFrom: 50),
        Scenario(name: "67 % slower, then 30 % from minute 40 on", speeds: [(0, 0.6), (40, 0.77)], measuredFrom: 50),
    ]
    private static let traces = ["conv-1", "conv-8", "code-8"]

    @Option(help: "Seeds of start-up times.")
    var seeds = 3

    func run() throws {
        var lines = [
            "# An engine that differs from its profile", "",
            "`benchmarks learning`: profile 8b-a100, start-up 60 s, \(seeds) seeds. Replicas really run at a share of the",
            "profile's speed, and change to another one in mid-run, as with a new version of the model; nobody tells the policy.",
            "Counted are the requests from the tenth minute after the last change on. `tideway` learns the difference (docs/control.md);",
            "`told` is the same policy with a profile that is right for the last of the speeds; `forecast` believes the profile to the end.",
            "",
        ]
        lines += try table("First come, first served", ["--dispatch", "fcfs"], believing: true)
        lines += [""] + (try table("In the order slo", ["--dispatch", "slo"], believing: false))
        try Places.writeResult("learning.md", lines.joined(separator: "\n") + "\n")
    }

    /// All scenarios in one order; `believing` adds the policy `forecast`.
    private func table(_ title: String, _ order: [String], believing: Bool) throws -> [String] {
        print(title)
        let policies = ["tideway", "told"] + (believing ? ["forecast"] : [])
        var lines = ["## \(title)", ""]
        lines += Text.head(["trace", "engine"] + policies.flatMap { ["\($0): good %", "accelerator-hours"] })
        for trace in Self.traces {
            for scenario in Self.scenarios { lines.append(try row(trace, scenario, order, believing: believing)) }
        }
        return lines
    }

    private func row(
        _ trace: String, _ scenario: Scenario, _ order: [String], believing: Bool
    ) throws -> String {
        let faults = scenario.speeds.enumerated().flatMap { index, speed in
            let isLast = index == scenario.speeds.count - 1
            let until = isLast ? "24h" : "\(scenario.speeds[index + 1].minute)m"
            return ["--fault", "slow:all:\(speed.share):\(speed.minute)m:\(until)"]
        }
        let told = try profile(share: scenario.speeds.last?.share ?? 1)
        var cells =
            try figures(trace, scenario, ["--policy", "tideway"] + faults + order)
            + figures(trace, scenario, ["--policy", "tideway", "--profile", told.path] + order)
        if believing { cells += try figures(trace, scenario, ["--policy", "forecast"] + faults + order) }
        let row = [trace, scenario.name] + cells
        print(row.joined(separator: "  "))
        return Text.row(row)
    }

    /// Attainment and accelerator-hours, means over the seeds.
    private func figures(_ trace: String, _ scenario: Scenario, _ options: [String]) throws -> [String] {
        let runs = try TidewayProcess.backtest(
            [
                "--trace", Places.derived(trace).path, "--measure-from", "\(scenario.measuredFrom)m", "--seeds",
                "\(seeds)",
            ] + options, json: try Places.scratchFile("learning.json")
        ).document.runs
        guard !runs.isEmpty else { throw BenchmarkError("the results hold no run") }
        let count = Double(runs.count)
        return [
            Text.number(runs.reduce(0) { $0 + $1.attainment } / count * 100, 1),
            Text.number(runs.reduce(0) { $0 + $1.acceleratorHours } / count, 2),
        ]
    }

    /// A profile file of 8b-a100 at a share of its speed.
    private func profile(share: Double) throws -> URL {
        // The reference plant's coefficients (docs/profiles.md).
        let slower = { (coefficient: Double) in coefficient / share }
        let members: [String: Any] = [
            "name": "8b-a100-told", "accelerators": 1, "c0": slower(0.01414), "c1": slower(9.28e-05),
            "c2": slower(1.244e-07), "c3": slower(6.31e-05), "c4": slower(0.008), "chunk": 512, "max_batch": 256,
            "kv_tokens": 430_000, "backlog_seconds": 0.25, "power_idle": 63, "power_busy": 235,
            "power_per_sequence": 1.31, "price_per_accelerator_hour": 2.73,
        ]
        let file = try Places.scratchFile("told.json")
        try JSONSerialization.data(withJSONObject: members, options: .sortedKeys).write(to: file, options: .atomic)
        return file
    }
}
