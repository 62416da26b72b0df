internal import ArgumentParser
internal import Foundation

/// Published measurements beside what Tideway's replica model makes of them.
struct PublishedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "published",
        abstract:
            "Compare the replica model with published measurements: closed loops of aiconfigurator, logs of vLLM.",
        discussion:
            "Needs profiles/aiconfigurator and profiles/llmservingsim-bench in TIDEWAY_DATA. Takes half a minute.")

    func run() throws {
        let heldOut = try HeldOutStudy()
        let logs = try LogStudy()
        let lines =
            [
                "# Published measurements", "",
                "`benchmarks published`: measured times beside those of Tideway's replica model (docs/profiles.md, docs/simulation.md).",
                "",
            ] + heldOut.lines + [""] + logs.lines
        print(lines.joined(separator: "\n"))
        try Places.writeResult("published.md", lines.joined(separator: "\n") + "\n")
        if !heldOut.isReached || !logs.isReached { throw ExitCode.failure }
    }
}

/// Shares as percent, and whether a limit is kept.
enum Percent {
    static func text(_ share: Double, _ digits: Int = 1) -> String { Text.number(share * 100, digits) }

    static func signed(_ share: Double) -> String { (share < 0 ? "" : "+") + text(share) }

    static func verdict(_ isReached: Bool) -> String { isReached ? "reached" : "missed" }
}

/// Middle and tail of some errors.
struct Spread {
    let count: Int
    let median: Double
    let p90: Double

    /// - Parameter values: at least one.
    init(_ values: [Double]) {
        let sorted = values.sorted()
        count = sorted.count
        median = Self.quantile(sorted, 0.5)
        p90 = Self.quantile(sorted, 0.9)
    }

    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let position = share * Double(sorted.count - 1)
        let lower = Int(position)
        let upper = min(lower + 1, sorted.count - 1)
        return sorted[lower] + (position - Double(lower)) * (sorted[upper] - sorted[lower])
    }
}
