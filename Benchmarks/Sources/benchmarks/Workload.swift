internal import Foundation

/// A workload of the campaign.
struct Workload {
    var name: String
    /// Options of `tideway backtest` that make it.
    var arguments: [String]
    var untunedSeeds = 10
    static let tunedSeeds = 3
    /// The digitised days that must be made from rates first.
    var isWeek = false

    /// Azure code and conversation at 1, 8 and 40 replicas, and three days of the code week.
    static let all: [Workload] =
        [("conv-1", 1), ("conv-8", 5), ("conv-40", 24)].map { hour($0, Places.azureConversation, copies: $1) }
        + [("code-1", 1), ("code-8", 3), ("code-40", 18)].map { hour($0, Places.azureCode, copies: $1) }
        + [
            Workload(
                name: "codeweek-3d",
                arguments: ["--trace", weekTrace.path, "--profile", "70b-h100x4", "--warm-up", "20m"],
                untunedSeeds: 3, isWeek: true)
        ]

    private static func hour(_ name: String, _ trace: URL, copies: Int) -> Workload {
        Workload(name: name, arguments: ["--trace", trace.path, "--copies", "\(copies)", "--warm-up", "20m"])
    }

    private static let weekTrace = Places.scratch.appending(path: "codeweek-3d.csv.gz")

    /// Makes what is not there yet.
    func prepare() throws {
        guard isWeek, !FileManager.default.fileExists(atPath: Workload.weekTrace.path) else { return }
        let unfinished = try Places.scratchFile("codeweek-3d-unfinished.csv.gz")
        try TidewayProcess.run([
            "trace", "transform", Places.codeWeek.path, "--from", "3d", "--to", "6d", "--scale", "0.25", "--rows-from",
            Places.azureCode.path, "--out", unfinished.path,
        ])
        try FileManager.default.moveItem(at: unfinished, to: Workload.weekTrace)
    }
}
