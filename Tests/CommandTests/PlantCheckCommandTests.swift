import Foundation
import Testing

/// Every case of the reference plant's check list, asked of the program as a user asks it: a trace, a profile's file, a
/// schedule, and the figures read from the JSON that it writes.
@Suite struct PlantCheckCommandTests {
    @Test(
        .enabled(if: !PlantCheckCase.all.isEmpty, "needs TIDEWAY_DATA with reference/plant-check.json"),
        arguments: PlantCheckCase.all)
    func backtest_ofACheckCase_agrees(_ check: PlantCheckCase) throws {
        let program = try Program()
        defer { program.remove() }
        let run = try run(check, program)
        #expect(run["requests"] as? Int == Int(check.expected["requests"] ?? -1))
        #expect(run["unfinished"] as? Int == Int(check.expected["unfinished"] ?? -1))
        #expect(run["peak_replicas"] as? Int == Int(check.expected["peak"] ?? -1))
        for (key, expected) in [("attainment", "attainment"), ("ttft_ok_ratio", "ttft_ok"), ("itl_ok_ratio", "itl_ok")]
        {
            try expect(run[key], check.expected[expected], key, within: 0.001)
        }
        try expect(run["replica_hours"], check.expected["replica_hours"], "replica_hours", share: 0.001)
        try expect(run["energy_kwh"], check.expected["kwh"], "energy_kwh", share: 0.01)
        for (key, names) in [("ttft", ["p50", "p95", "p99"]), ("itl", ["p50", "p99"])] {
            let percentiles = try #require(run["\(key)_seconds"] as? [String: Any])
            for name in names {
                let expected = check.expected["\(key)_\(name)"]
                try expect(percentiles[name], expected, "\(key) \(name)", share: 0.01)
            }
        }
    }

    /// The only run of `tideway backtest --schedule`.
    private func run(_ check: PlantCheckCase, _ program: Program) throws -> [String: Any] {
        let shown = try program.run(["profile", "show", check.profile, "--json"])
        try program.write(try check.profileText(from: shown.output), to: "profile.json")
        try program.write(check.scheduleText, to: "schedule.csv")
        let outcome = try program.run([
            "backtest", "--trace", check.tracePath, "--speed", "\(check.speed)", "--binding", check.binding,
            "--profile", "profile.json", "--schedule", "schedule.csv", "--start-up", "\(check.startUpSeconds)",
            "--start-up-spread", "1", "--json", "out.json",
        ])
        try #require(outcome.status == 0, "\(outcome.notes)")
        let runs = try #require(try program.json("out.json")["runs"] as? [[String: Any]])
        #expect(runs.count == 1)
        return try #require(runs.first)
    }

    /// `share` of what is expected, or `within` in its own unit. Nothing expected (null) is infinite, and must be null here too.
    private func expect(
        _ value: Any?, _ expected: Double?, _ name: String, within: Double = 0, share: Double = 0,
        _ at: SourceLocation = #_sourceLocation
    ) throws {
        guard let expected else {
            #expect(value is NSNull, "\(name)", sourceLocation: at)
            return
        }
        let found = try #require(value as? Double, "\(name) is missing", sourceLocation: at)
        let tolerance = max(within, share * expected) + 1e-9
        #expect(abs(found - expected) <= tolerance, "\(name): \(found), expected \(expected)", sourceLocation: at)
    }
}
