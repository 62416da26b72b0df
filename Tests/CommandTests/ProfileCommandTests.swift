import Foundation
import Testing

/// Profiles from measured times, as a user makes them.
struct ProfileCommandTests {
    /// A closed loop of a replica with steps of 6 ms + 2 ms sqrt(b) and prompts of 20 us a token.
    private static var table: String {
        var rows = ["prompt_tokens,output_tokens,concurrency,ttft_ms,itl_ms,model,hardware,accelerators"]
        for prompt in [256.0, 1024, 4096] {
            for concurrency in [1.0, 4, 16, 64, 256] {
                let work = prompt * 0.02
                let step = 6 + 2 * concurrency.squareRoot() + concurrency * (prompt + 128) * 2e-5
                let itl = step + (concurrency - 1) * work / 256
                let ttft = 10 + work * (1 + 0.1 * concurrency) + step
                rows.append("\(prompt),256,\(concurrency),\(ttft),\(itl),m,h,2")
            }
        }
        return rows.joined(separator: "\n") + "\n"
    }

    @Test func fit_mixture_findsThatC6PaysAndSaysWhatItForetells() throws {
        let program = try Program()
        defer { program.remove() }
        try program.write(Self.table, to: "bench.csv")
        let outcome = try program.run([
            "profile", "fit", "bench.csv", "--name", "mine", "--kv-tokens", "1000", "--price", "1", "--out",
            "mine.json",
        ])
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(outcome.output.contains("per step and square root of the sequences"))
        #expect(outcome.output.contains("a quarter, at random"))
        let shown = try program.run(["profile", "show", "./mine.json"])
        #expect(shown.output.contains("c6"))
        let without = try program.run(["profile", "fit", "bench.csv", "--c6", "off"])
        #expect(!without.output.contains("square root"))
    }

    @Test func evaluate_writesEveryErrorAndSimulatesTheLoops() throws {
        let program = try Program()
        defer { program.remove() }
        try program.write(Self.table, to: "bench.csv")
        let outcome = try program.run([
            "profile", "evaluate", "bench.csv", "--closed-loop", "--json", "evaluation.json",
        ])
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(outcome.output.contains("1 setups, 15 combinations"))
        let data = try Data(contentsOf: program.folder.appendingPathComponent("evaluation.json"))
        let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let setup = try #require((document["setups"] as? [[String: Any]])?.first)
        #expect((setup["closed_loops"] as? [Any])?.count == 15)
        #expect(setup["accelerators"] as? Int == 2)
        let errors = try #require(setup["held_out"] as? [[String: Any]])
        // 15 settings kept out at random, 9 of inner concurrency, 3 of the top one, 15 by shape, two times each.
        let expected: Int = 2 * (15 + 9 + 3 + 15)
        #expect(errors.count == expected)
    }

    @Test func evaluate_tooFewRows_saysWhatToDo() throws {
        let program = try Program()
        defer { program.remove() }
        try program.write(Self.table.split(separator: "\n").prefix(4).joined(separator: "\n"), to: "bench.csv")
        let outcome = try program.run(["profile", "evaluate", "bench.csv"])
        #expect(outcome.status != 0)
        #expect(outcome.notes.contains("--settings-min"))
    }

    @Test func fitKernels_withoutTables_namesTheMissingOne() throws {
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(["profile", "fit-kernels", ".", "--layers", "2"])
        #expect(outcome.status != 0)
        #expect(outcome.notes.contains("dense.csv"))
    }

    @Test func backtest_memoryOnDemand_wantsEarlyBinding() throws {
        let program = try Program()
        defer { program.remove() }
        try program.write("timestamp,prompt_tokens,output_tokens\n0,100,50\n1,100,50\n", to: "t.csv")
        try program.write("time_s,desired\n0,1\n", to: "s.csv")
        let arguments = [
            "backtest", "--trace", "t.csv", "--schedule", "s.csv", "--kv", "on-demand", "--json", "r.json",
        ]
        let refused = try program.run(arguments)
        #expect(refused.status != 0)
        #expect(refused.notes.contains("--binding early"))
        let outcome = try program.run(arguments + ["--binding", "early"])
        #expect(outcome.status == 0, "\(outcome.notes)")
        let text = try String(contentsOf: program.folder.appendingPathComponent("r.json"), encoding: .utf8)
        #expect(text.contains("\"kv\":\"on-demand\""))
        #expect(text.contains("\"preemptions\":0"))
    }
}
