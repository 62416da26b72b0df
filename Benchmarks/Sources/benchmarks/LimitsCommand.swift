internal import ArgumentParser
internal import Foundation

/// What keeps Tideway's policy from the target, or from costing less.
struct LimitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract:
            "Replace each part of Tideway's policy by its perfect version, and see what that saves. Takes half an hour.",
        discussion: """
            Each cell (workload, start-up) is a JSON file in Benchmarks/out/limits; cells that exist are not run again. Delete \
            that folder after a change of the program.
            """)

    static let workloads = ["conv-1", "conv-8", "conv-40", "code-1", "code-8", "code-40"]
    static let startUps = [60, 180]
    static let seeds = 3

    @Option(help: "Only this workload; may be repeated.")
    var workload: [String] = []
    @Option(help: "Only this start-up median, in seconds; may be repeated.")
    var startUp: [Int] = []

    func run() throws {
        let workloads = Workload.all.filter {
            LimitsCommand.workloads.contains($0.name) && (workload.isEmpty || workload.contains($0.name))
        }
        guard !workloads.isEmpty else {
            throw BenchmarkError("workloads: " + LimitsCommand.workloads.joined(separator: ", "))
        }
        for workload in workloads {
            for seconds in startUp.isEmpty ? LimitsCommand.startUps : startUp { try runCell(workload, seconds) }
        }
        try Places.writeResult("limits.md", LimitsPage.text())
    }

    private func runCell(_ workload: Workload, _ startUp: Int) throws {
        let file = try LimitsCommand.cell(workload.name, startUp)
        let label = file.deletingPathExtension().lastPathComponent
        if FileManager.default.fileExists(atPath: file.path) { return print("\(label): there already") }
        let unfinished = try Places.scratchFile("limits-unfinished.json")
        let policies = LimitsPage.orders.flatMap { order in Replacement.all.map { "tideway" + order + $0.suffix } }
        let (_, usage) = try TidewayProcess.backtest(
            workload.arguments + [
                "--policy", policies.joined(separator: ","), "--start-up", "\(startUp)", "--seeds",
                "\(LimitsCommand.seeds)", "--tune",
            ], json: unfinished)
        try FileManager.default.moveItem(at: unfinished, to: file)
        print("\(label): \(Text.number(usage.wallSeconds, 0)) s")
    }

    /// The file of a cell.
    static func cell(_ workload: String, _ startUp: Int) throws -> URL {
        try Places.scratchFile("limits/\(workload)-\(startUp)s.json")
    }
}

/// A part of the policy that is replaced.
struct Replacement {
    /// Of the row.
    var name: String
    /// After the policy's name.
    var suffix: String
    /// Whether it is one part, so that it may be what limits.
    var isOnePart = true

    static let all = [
        Replacement(name: "as it is", suffix: "", isOnePart: false),
        Replacement(name: "perfect forecast", suffix: "+perfect-forecast"),
        Replacement(name: "perfect knowledge of bursts", suffix: "+perfect-bursts"),
        Replacement(name: "perfect forecast and bursts", suffix: "+perfect-forecast+perfect-bursts", isOnePart: false),
        Replacement(name: "perfect scale-down", suffix: "+perfect-release"),
        Replacement(name: "exact start-up", suffix: "+exact-starts"),
        Replacement(name: "instant start-up", suffix: "+perfect-starts"),
        Replacement(name: "all together", suffix: "+perfect", isOnePart: false),
    ]
}
