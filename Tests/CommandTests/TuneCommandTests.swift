import Foundation
import Testing

/// `tideway tune` from a table to its files.
struct TuneCommandTests {
    /// A few very long requests, so that the analysis before the runs has little to simulate.
    private static let trace =
        "timestamp,prompt_tokens,output_tokens\n" + (0..<24).map { "\($0 * 4),6000,800\n" }.joined()

    private func program() throws -> Program {
        let program = try Program()
        try program.write(Self.trace, to: "day.csv")
        return program
    }

    private static let few = ["--candidates", "6", "--seeds", "2", "--start-up", "5s"]

    @Test func tune_ofATable_writesWhatItFoundAndBacktestReadsIt() throws {
        let program = try program()
        defer { program.remove() }
        let outcome = try program.run(
            ["tune", "--trace", "day.csv", "--output", "settings.yaml", "--json", "t.json", "--html", "t.html"]
                + Self.few)
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(outcome.output.contains("day: 24 requests"))
        #expect(outcome.output.contains("tideway: 6 candidates, the best with 2 seeds, 12 runs"))
        #expect(outcome.output.contains("accelerator-hours"))
        #expect(outcome.output.contains("The history is too short to hold a share of 0.3 out"))
        #expect(outcome.output.contains("written: settings.yaml"))
        let document = try program.json("t.json")
        #expect(document["schema"] as? Int == 1)
        let candidates = try #require(document["candidates"] as? [[String: Any]])
        #expect(candidates.count == 6)
        #expect(candidates.allSatisfy { $0["seeds"] as? Int == 2 && $0["attainment"] is NSNumber })
        let page = try program.text("t.html")
        #expect(page.hasPrefix("<!doctype html>") && !page.contains("<!-- ") && !page.contains("uPlot"))

        let backtest = try program.run(
            [
                "backtest", "--trace", "day.csv", "--policy", "tideway", "--seeds", "2", "--start-up", "5s",
                "--settings",
                "settings.yaml", "--json", "b.json",
            ])
        #expect(backtest.status == 0, "\(backtest.notes)")
        #expect(backtest.output.contains("The policy tideway has the settings of settings.yaml"))
        let report = try program.json("b.json")
        #expect((report["plant"] as? [String: Any])?["settings"] as? String == "settings.yaml")
        // What the search measured is what a backtest measures.
        let runs = try #require(report["runs"] as? [[String: Any]])
        let hours = runs.compactMap { $0["accelerator_hours"] as? Double }.reduce(0, +) / 2
        let kept = try #require(document["kept"] as? Int)
        #expect(abs(hours - (candidates[kept]["accelerator_hours"] as? Double ?? 0)) < 1e-9)
    }

    @Test func tune_inTheOrderSLO_asksForThatPolicy() throws {
        let program = try program()
        defer { program.remove() }
        let outcome = try program.run(
            ["tune", "--trace", "day.csv", "--policy", "tideway+slo", "--candidates", "2", "--seeds", "1"])
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(outcome.output.contains("tideway+slo: 2 candidates, the best with 1 seed, 2 runs"))
    }

    @Test(arguments: [
        (["--policy", "hpa"], "--policy hpa has no settings to search: write one of tideway, tideway+slo."),
        (["--candidates", "0"], "--candidates 0 must be at least 1 and at most 10000."),
        (["--seeds", "0"], "--seeds 0 must be at least 1"),
        (["--hold-out", "1"], "--hold-out 1.0 is a share: at least 0, at most 0.9."),
        (["--jobs", "0"], "--jobs 0 must be at least 1."),
        (["--output", "day.csv"], "day.csv is read too"),
        (["--trace", "nowhere.csv"], "nowhere.csv: cannot be opened"),
    ])
    func mistakes_areToldWithTheirRemedy(more: [String], message: String) throws {
        let program = try program()
        defer { program.remove() }
        let outcome = try program.run(["tune", "--trace", "day.csv"] + more)
        #expect(outcome.status != 0)
        #expect(outcome.notes.contains(message), "\(outcome.notes)")
    }

    @Test func backtest_badSettings_areToldWithLineKeyAndRemedy() throws {
        let program = try program()
        defer { program.remove() }
        try program.write("policy:\n  cauton: 0.5\n  penalty: -1\n", to: "bad.yaml")
        let outcome = try program.run(["backtest", "--trace", "day.csv", "--settings", "bad.yaml"])
        #expect(outcome.status != 0)
        #expect(
            outcome.notes.contains("bad.yaml:2:3: error: policy.cauton: there is no such key; did you mean caution?"))
        #expect(outcome.notes.contains("bad.yaml:3:12: error: policy.penalty: '-1' is outside 0.1…100"))
    }

    @Test func check_policySettings_areRead() throws {
        let program = try program()
        defer { program.remove() }
        let file = """
            workloads:
              - id: chat
                variants:
                  - profile: 8b-a100
                    engine:
                      static:
                        urls: ["http://127.0.0.1:8001"]
            policy:
              penalty: 3
              surge_threshold: 99

            """
        try program.write(file, to: "tideway.yaml")
        let outcome = try program.run(["check", "tideway.yaml"])
        #expect(outcome.status != 0)
        let text = outcome.output + outcome.notes
        #expect(text.contains("tideway.yaml:10:20: error: policy.surge_threshold: '99' is outside 1…10"), "\(text)")
    }
}
