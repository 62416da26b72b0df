internal import ArgumentParser
internal import Foundation

/// What each policy costs on each workload.
struct ResultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract:
            "Run all policies on all workloads, untuned and tuned. Takes up to an hour; started again, it goes on.",
        discussion: """
            Each cell (workload, start-up, untuned or tuned) is a JSON file in Benchmarks/out/cells; cells that \
            exist are not run again. Delete that folder after a change of the program.
            """)

    /// Share below the target within which a tuned run has reached it.
    static let targetTolerance = 0.0005

    static let policies = [
        "static", "forecast", "hpa", "keda-queue", "keda-queue+conc", "knative-kpa", "ray-serve", "aibrix-apa",
        "aibrix-apa-fixed", "wva-v2", "kthena", "skyserve", "dynamo-thr180-const", "dynamo-thr180-kalman",
        "dynamo-thr60-const", "dynamo-thr60-kalman", "dynamo-load", "dynamo-both", "tideway",
    ]

    @Option(help: "Only this workload; may be repeated.")
    var workload: [String] = []
    @Option(help: "Only this start-up median, in seconds; may be repeated.")
    var startUp: [Int] = []
    @Option(
        help: """
            Policies, separated by commas. All unless given, untuned in both orders of dispatch. A cell that exists \
            keeps its own.
            """)
    var policy: String?
    @Flag(help: "Run no tuned cells.")
    var untunedOnly = false

    func run() throws {
        let workloads = Workload.all.filter { workload.isEmpty || workload.contains($0.name) }
        guard !workloads.isEmpty else {
            throw BenchmarkError("workloads: " + Workload.all.map(\.name).joined(separator: ", "))
        }
        for isTuned in untunedOnly ? [false] : [false, true] {
            for seconds in startUp.isEmpty ? [60, 180] : startUp {
                for workload in workloads { try runCell(workload, startUp: seconds, isTuned: isTuned) }
            }
        }
        try Places.writeResult("costs.md", CostPage.text())
    }

    private func runCell(_ workload: Workload, startUp: Int, isTuned: Bool) throws {
        let file = try ResultsCommand.cell(workload, startUp: startUp, isTuned: isTuned)
        let label = file.deletingPathExtension().lastPathComponent
        if FileManager.default.fileExists(atPath: file.path) { return print("\(label): there already") }
        try workload.prepare()
        let seeds = isTuned ? Workload.tunedSeeds : workload.untunedSeeds
        let unfinished = try Places.scratchFile("unfinished.json")
        let arguments =
            workload.arguments + [
                "--policy", policies(isTuned: isTuned), "--start-up", "\(startUp)", "--seeds", "\(seeds)",
            ]
            + (isTuned ? ["--tune"] : [])
        let (_, usage) = try TidewayProcess.backtest(arguments, json: unfinished)
        try FileManager.default.moveItem(at: unfinished, to: file)
        print("\(label): \(Text.number(usage.wallSeconds, 0)) s")
    }

    /// Peers are also shown in our order of dispatch, so that it is seen what comes from where; tuned, as their authors run
    /// them.
    private func policies(isTuned: Bool) -> String {
        let names = ResultsCommand.policies
        return policy
            ?? (names + (isTuned ? ["tideway+slo"] : names.map { $0 + "+slo" })).joined(separator: ",")
    }

    /// The file of a cell.
    static func cell(_ workload: Workload, startUp: Int, isTuned: Bool) throws -> URL {
        try Places.scratchFile("cells/\(workload.name)-\(startUp)s-\(isTuned ? "tuned" : "untuned").json")
    }
}
