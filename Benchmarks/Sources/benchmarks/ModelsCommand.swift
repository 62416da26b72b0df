internal import ArgumentParser
internal import Foundation

/// The same traffic on other models: what serves one profile well need not serve another.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Run a few policies untuned on other models and accelerators. Takes ten minutes.")

    static let profiles = ["8b-h100", "32b-fp8-h100", "70b-h100x4", "gpt-oss-120b-h100x2"]
    static let traces = [("conversation x 8", Places.azureConversation, 8), ("code x 3", Places.azureCode, 3)]
    static let startUps = [60, 180]
    static let policies = ["tideway", "forecast", "hpa", "tideway+slo", "forecast+slo"]

    @Option(help: "Seeds of start-up times.")
    var seeds = 3

    func run() throws {
        var lines = [
            "# Other models", "",
            "`benchmarks models`: the Azure hours of 2023, superposed copies, after 20 minutes of warm-up, on other profiles than the one of",
            "costs.md; untuned, \(seeds) seeds. Each cell: requests within their limits, and the multiple of the accelerator-hours of the",
            "clairvoyant that serves first come, first served. `NAME+slo`: served in the order slo.", "",
        ]
        lines += Text.head(["trace", "profile", "start-up"] + Self.policies)
        for (name, trace, copies) in Self.traces {
            for profile in Self.profiles {
                for startUp in Self.startUps {
                    let cells = try cells(trace, copies: copies, profile: profile, startUp: startUp)
                    lines.append(Text.row([name, profile, "\(startUp) s"] + cells))
                    print(lines[lines.count - 1])
                }
            }
        }
        try Places.writeResult("models.md", lines.joined(separator: "\n") + "\n")
    }

    private func cells(_ trace: URL, copies: Int, profile: String, startUp: Int) throws -> [String] {
        let document = try TidewayProcess.backtest(
            [
                "--trace", trace.path, "--copies", "\(copies)", "--warm-up", "20m", "--profile", profile, "--start-up",
                "\(startUp)", "--policy", Self.policies.joined(separator: ","), "--seeds", "\(seeds)",
            ], json: try Places.scratchFile("models.json")
        ).document
        return Self.policies.map { policy in
            let runs = document.runs.filter { $0.policy == policy }
            let ratios = runs.compactMap(\.ratioToClairvoyant)
            guard !runs.isEmpty, !ratios.isEmpty else { return "-" }
            let attainment = Statistics(runs.map { $0.attainment * 100 }).mean
            return "\(Text.number(attainment, 1)) %, \(Text.number(Statistics(ratios).mean, 2)) x"
        }
    }
}
