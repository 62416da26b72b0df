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

    @Option(help: "Only this workload; may be repeated.")
    var workload: [String] = []
    @Option(help: "Only this start-up median, in seconds; may be repeated.")
    var startUp: [Int] = []
    @Option(help: "Policies, separated by commas. A cell that exists keeps its own.")
    var policy = "all"
    @Flag(help: "Run no tuned cells.")
    var untunedOnly = false

    func run() throws {
        let workloads = Workload.all.filter { workload.isEmpty || workload.contains($0.name) }
        guard !workloads.isEmpty else {
            throw BenchmarkError("workloads: " + Workload.all.map(\.name).joined(separator: ", "))
        }
        for seconds in startUp.isEmpty ? [60, 180] : startUp {
            for workload in workloads {
                try runCell(workload, startUp: seconds, isTuned: false)
                if !untunedOnly { try runCell(workload, startUp: seconds, isTuned: true) }
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
            workload.arguments + ["--policy", policy, "--start-up", "\(startUp)", "--seeds", "\(seeds)"]
            + (isTuned ? ["--tune"] : [])
        let (_, usage) = try TidewayProcess.backtest(arguments, json: unfinished)
        try FileManager.default.moveItem(at: unfinished, to: file)
        print("\(label): \(Text.number(usage.wallSeconds, 0)) s")
    }

    /// The file of a cell.
    static func cell(_ workload: Workload, startUp: Int, isTuned: Bool) throws -> URL {
        try Places.scratchFile("cells/\(workload.name)-\(startUp)s-\(isTuned ? "tuned" : "untuned").json")
    }
}
