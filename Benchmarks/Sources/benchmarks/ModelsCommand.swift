internal import ArgumentParser
internal import Foundation

/// The same traffic on other models, with other limits, and with other start-ups: what serves one profile well need not serve another.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Run a few policies untuned on other models, limits and start-ups. Takes ten minutes.")

    /// What a row of a table is about.
    private struct Case {
        var profile = "8b-a100"
        var startUp = 60
        var firstToken = "1s"
        var betweenTokens = "50ms"
    }

    private struct Table {
        var title: String
        var column: String
        var policies = ["tideway", "forecast", "hpa", "tideway+slo", "forecast+slo"]
        var cases: [(name: String, Case)]
    }

    private static let traces = [("conversation x 8", Places.azureConversation, 8), ("code x 3", Places.azureCode, 3)]
    private static let tables = [
        Table(
            title: "Other models", column: "profile, start-up",
            cases: ["8b-h100", "32b-fp8-h100", "70b-h100x4", "gpt-oss-120b-h100x2"].flatMap { profile in
                [60, 180].map { ("\(profile), \($0) s", Case(profile: profile, startUp: $0)) }
            }),
        Table(
            title: "Other limits", column: "first token, between tokens",
            cases: [("0.5s", "30ms"), ("2s", "100ms"), ("5s", "50ms"), ("1s", "200ms")].map { first, between in
                ("\(first), \(between)", Case(firstToken: first, betweenTokens: between))
            }),
        Table(
            title: "Other start-ups", column: "start-up", policies: ["tideway", "static", "tideway+slo", "static+slo"],
            cases: [5, 10, 20, 30, 45, 60, 120, 180, 300].map { ("\($0) s", Case(startUp: $0)) }),
    ]

    @Option(help: "Seeds of start-up times.")
    var seeds = 3

    func run() throws {
        var lines = [
            "# Other models, limits and start-ups", "",
            "`benchmarks models`: the Azure hours of 2023, superposed copies, after 20 minutes of warm-up; untuned, \(seeds) seeds. What is",
            "not said is as in costs.md: 8b-a100, 1 s to the first token and 50 ms between tokens, start-up 60 s. Each cell: requests within",
            "their limits, accelerator-hours, and their multiple of those of the clairvoyant that serves first come, first served, and that gets",
            "cheaper the faster replicas start. `NAME+slo`: served in the order slo. `static` is the best constant fleet of hindsight.",
        ]
        for table in Self.tables { lines += try self.lines(of: table) }
        try Places.writeResult("models.md", lines.joined(separator: "\n") + "\n")
    }

    private func lines(of table: Table) throws -> [String] {
        var lines = ["", "## \(table.title)", ""] + Text.head(["trace", table.column] + table.policies)
        for (name, trace, copies) in Self.traces {
            for (label, condition) in table.cases {
                let cells = try cells(trace, copies: copies, condition, policies: table.policies)
                lines.append(Text.row([name, label] + cells))
                print(lines[lines.count - 1])
            }
        }
        return lines
    }

    private func cells(_ trace: URL, copies: Int, _ condition: Case, policies: [String]) throws -> [String] {
        let document = try TidewayProcess.backtest(
            [
                "--trace", trace.path, "--copies", "\(copies)", "--warm-up", "20m", "--profile", condition.profile,
                "--slo-ttft", condition.firstToken, "--slo-itl", condition.betweenTokens,
                "--start-up", "\(condition.startUp)", "--policy", policies.joined(separator: ","), "--seeds",
                "\(seeds)",
            ], json: try Places.scratchFile("models.json")
        ).document
        return policies.map { policy in
            let runs = document.runs.filter { $0.policy == policy }
            let ratios = runs.compactMap(\.ratioToClairvoyant)
            guard !runs.isEmpty, !ratios.isEmpty else { return "-" }
            let attainment = Statistics(runs.map { $0.attainment * 100 }).mean
            let hours = Statistics(runs.map(\.acceleratorHours)).mean
            return
                "\(Text.number(attainment, 1)) %, \(Text.number(hours, 2)) h, \(Text.number(Statistics(ratios).mean, 2)) x"
        }
    }
}
