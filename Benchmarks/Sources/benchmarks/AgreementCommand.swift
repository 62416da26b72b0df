internal import ArgumentParser
internal import Foundation

/// Whether the untuned peers agree with the independent implementation's table.
struct AgreementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement",
        abstract: "Compare each peer's untuned attainment and hours with the independent implementation's.")

    /// Percentage points of attainment.
    static let attainmentTolerance = 2.0
    /// Share of the hours.
    static let hoursTolerance = 0.03

    @Option(help: "Start-up medians to compare, in seconds: 60, 180 or both.")
    var startUp: [Int] = [60, 180]

    @Flag(help: "Let the program find the operating point on each trace, instead of giving it the table's.")
    var ownPoint = false

    func run() throws {
        let page = try String(
            contentsOf: Places.data.appending(path: "reference/plant.md"), encoding: .utf8)
        var lines = [
            "# Agreement with the independent implementation", "",
            "`benchmarks agreement\(ownPoint ? " --own-point" : "")`: attainment within max(2 points, 2 standard errors), "
                + "accelerator-hours within max(3 %, 2 standard",
            "errors) of the reference plant's table, 10 seeds each, at the "
                + (ownPoint
                    ? "operating point that the program finds on each trace."
                    : "table's operating point (conversation 4.7/s at 39 in flight,\ncode 4.25/s at 5.9).")
                + " Ours / theirs.",
        ]
        for seconds in startUp {
            let phrase = seconds == 180 ? "Start-up 180 s:" : "Untuned, 10 start-up seeds"
            let table = try ReferenceTable(in: page, after: phrase)
            lines += try compare(table, startUp: seconds)
        }
        try Places.writeResult(
            ownPoint ? "agreement-own-point.md" : "agreement.md", lines.joined(separator: "\n") + "\n")
    }

    private func compare(_ table: ReferenceTable, startUp: Int) throws -> [String] {
        let ours = try simulate(table, startUp: startUp)
        var lines = ["", "## Start-up \(startUp) s", ""]
        lines += Text.head(["policy", "trace", "attainment %", "", "accelerator-hours", ""])
        var agreeing = 0
        var count = 0
        for policy in table.policies {
            for trace in table.traces {
                guard let theirs = table.cell(policy, trace), let mine = ours[policy + " " + trace] else { continue }
                let (cells, agrees) = describe(mine, theirs)
                count += 1
                agreeing += agrees ? 1 : 0
                lines.append(Text.row([policy, trace] + cells))
                print(([Text.padded(policy, 22), Text.padded(trace, 8)] + cells).joined(separator: "  "))
            }
        }
        let sum = "start-up \(startUp) s: \(agreeing) of \(count) cells agree"
        print(sum)
        return lines + ["", sum.prefix(1).uppercased() + sum.dropFirst() + "."]
    }

    /// Unless asked for its own, both take the same operating point, so that rules are compared and not draws of the steady rate.
    private func simulate(_ table: ReferenceTable, startUp: Int) throws -> [String: ReferenceTable.Cell] {
        var runs: [BacktestDocument.Run] = []
        for workload in ["conv", "code"] {
            let point = workload == "conv" ? (rate: "4.7", concurrency: "39") : (rate: "4.25", concurrency: "5.9")
            var arguments = ["--policy", table.policies.joined(separator: ","), "--measure-from", "20m"]
            arguments += ["--seeds", "\(ReferenceTable.seeds)", "--start-up", "\(startUp)"]
            if !ownPoint { arguments += ["--steady-rate", point.rate, "--steady-concurrency", point.concurrency] }
            for trace in table.traces where trace.hasPrefix(workload) {
                arguments += ["--trace", Places.derived(trace).path]
            }
            let json = try Places.scratchFile("agreement-\(workload)-\(startUp).json")
            runs += try TidewayProcess.backtest(arguments, json: json).document.runs
        }
        return Dictionary(grouping: runs) { $0.policy + " " + $0.trace }.mapValues {
            ReferenceTable.Cell(
                attainment: Statistics($0.map { $0.attainment * 100 }),
                hours: Statistics($0.map(\.acceleratorHours)))
        }
    }

    private func describe(_ mine: ReferenceTable.Cell, _ theirs: ReferenceTable.Cell) -> ([String], Bool) {
        let attainment = mine.attainment.agrees(
            with: theirs.attainment, tolerance: AgreementCommand.attainmentTolerance)
        let hours = mine.hours.agrees(
            with: theirs.hours, tolerance: AgreementCommand.hoursTolerance * theirs.hours.mean)
        let cells = [
            pair(mine.attainment, theirs.attainment, 1), attainment ? "ok" : "differs",
            pair(mine.hours, theirs.hours, 2), hours ? "ok" : "differs",
        ]
        return (cells, attainment && hours)
    }

    private func pair(_ mine: Statistics, _ theirs: Statistics, _ digits: Int) -> String {
        [mine, theirs].map { Text.number($0.mean, digits) + " ± " + Text.number($0.deviation, digits) }
            .joined(separator: " / ")
    }
}
