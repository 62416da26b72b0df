import Foundation
import Testing

/// `tideway backtest` from a table to its files.
struct BacktestCommandTests {
    /// Three long requests in eight seconds, so that the analysis before the runs has little to simulate.
    private static let trace = "timestamp,prompt_tokens,output_tokens\n0,4000,400\n4,4000,400\n8,4000,400\n"

    private func program(_ files: [String: String] = [:]) throws -> Program {
        let program = try Program()
        try program.write(Self.trace, to: "day.csv")
        try program.write("time_s,desired\n0,2\n5,1\n6,3\n", to: "plan.csv")
        for (name, text) in files { try program.write(text, to: name) }
        return program
    }

    private func runs(_ document: [String: Any]) throws -> [[String: Any]] {
        try #require(document["runs"] as? [[String: Any]])
    }

    // MARK: JSON

    @Test func json_ofAPolicy_hasEveryFigureWithItsType() throws {
        let program = try program()
        defer { program.remove() }
        let outcome = try program.run(
            ["backtest", "--trace", "day.csv", "--policy", "hpa", "--start-up", "2s", "--json", "out.json"])
        #expect(outcome.status == 0, "\(outcome.notes)")
        let document = try program.json("out.json")
        #expect(document["schema"] as? Int == 1)
        #expect((document["plant"] as? [String: Any])?["profile"] as? String == "8b-a100")
        let run = try #require(try runs(document).first)
        #expect(run["trace"] as? String == "day")
        #expect(run["policy"] as? String == "hpa")
        #expect(run["tuned"] as? Bool == false)
        for key in Self.numbers { #expect(run[key] is NSNumber, "\(key) is \(run[key] ?? "missing")") }
        for key in ["ttft_seconds", "itl_seconds"] {
            let percentiles = run[key] as? [String: Any]
            for name in ["p50", "p95", "p99"] { #expect(percentiles?[name] is NSNumber, "\(key).\(name)") }
        }
        #expect(run["requests"] as? Int == 3)
        #expect(run["attainment"] as? Double == 1)
    }

    @Test func json_ofTheOrderSlo_isMeasuredByTheSameReferences() throws {
        let program = try program()
        defer { program.remove() }
        let outcome = try program.run([
            "backtest", "--trace", "day.csv", "--policy", "hpa,hpa+slo,tideway+slo+perfect", "--start-up", "2s",
            "--json", "out.json",
        ])
        #expect(outcome.status == 0, "\(outcome.notes)")
        let found = try runs(program.json("out.json"))
        #expect(found.map { $0["policy"] as? String } == ["hpa", "hpa+slo", "tideway+slo+perfect"])
        #expect(found.map { $0["dispatch"] as? String } == ["fcfs", "slo", "slo"])
        for run in found { #expect(run["ratio_to_clairvoyant"] is NSNumber) }
    }

    private static let numbers = [
        "knob", "seed", "requests", "attainment", "ttft_ok_ratio", "itl_ok_ratio", "unfinished", "accelerator_hours",
        "replica_hours", "start_up_hours", "cost", "energy_kwh", "starts", "scale_actions", "peak_replicas",
        "ratio_to_clairvoyant", "ratio_to_static", "ratio_to_fluid", "simulate_seconds",
    ]

    /// A prompt of 20 million tokens takes 21 minutes, twice as long as a run waits after its last arrival.
    @Test func json_infinite_isNull() throws {
        let program = try program(["endless.csv": Self.trace + "9,20000000,1\n"])
        defer { program.remove() }
        _ = try program.run(
            ["backtest", "--trace", "endless.csv", "--schedule", "plan.csv", "--json", "out.json"])
        let run = try #require(try runs(program.json("out.json")).first)
        #expect(run["unfinished"] as? Int == 1)
        let percentiles = try #require(run["ttft_seconds"] as? [String: Any])
        #expect(percentiles["p50"] is NSNumber)
        #expect(percentiles["p99"] is NSNull)
    }

    // MARK: A schedule

    /// Two replicas, from second 5 on one, from second 6 on three: the two that start at 6 are billed to the end at 8, and
    /// the one that drains until it is empty.
    @Test func schedule_alone_runsNothingElseWithoutACap() throws {
        let program = try program()
        defer { program.remove() }
        let arguments = [
            "backtest", "--trace", "day.csv", "--schedule", "plan.csv", "--json", "out.json", "--decisions",
            "decisions.csv", "--max-replicas", "2",
        ]
        let outcome = try program.run(arguments)
        #expect(outcome.status == 0, "\(outcome.notes)")
        let found = try runs(program.json("out.json"))
        #expect(found.map { $0["policy"] as? String } == ["schedule"])
        #expect(found.first?["peak_replicas"] as? Int == 3)
        #expect(found.first?["starts"] as? Int == 2)
        #expect(found.first?["ratio_to_clairvoyant"] is NSNull)
        let lines = try program.text("decisions.csv").split(separator: "\n")
        #expect(lines.first == "time_s,trace,policy,tuned,seed,workload,variant,desired,current,ready")
        #expect(lines.dropFirst().first == "0,day,schedule,false,1,workload,8b-a100,2,2,2")
        #expect(lines.contains { $0.hasPrefix("5,day,schedule,") && $0.hasSuffix(",1,1,1") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("6,day,schedule,") && $0.hasSuffix(",3,3,1") }, "\(lines)")
    }

    @Test func schedule_severalSeeds_runsEachAndWritesItsDecisions() throws {
        let program = try program()
        defer { program.remove() }
        let outcome = try program.run([
            "backtest", "--trace", "day.csv", "--schedule", "plan.csv", "--seeds", "2", "--json", "out.json",
            "--decisions", "decisions.csv",
        ])
        #expect(outcome.status == 0, "\(outcome.notes)")
        let document = try program.json("out.json")
        #expect(try runs(document).map { $0["seed"] as? Int } == [1, 2])
        #expect((document["plant"] as? [String: Any])?["seeds"] as? String == "1 to 2")
        let lines = try program.text("decisions.csv").split(separator: "\n")
        for seed in 1...2 { #expect(lines.contains { $0.hasPrefix("0,day,schedule,false,\(seed),") }, "\(lines)") }
    }

    // MARK: Traces

    @Test func traces_ofOneName_stayApart() throws {
        let program = try program(["b.csv": Self.trace])
        defer { program.remove() }
        let outcome = try program.run([
            "backtest", "--trace", "day.csv", "--trace", "./day.csv", "--trace", "day.csv", "--schedule", "plan.csv",
            "--json", "out.json",
        ])
        #expect(outcome.status == 0, "\(outcome.notes)")
        let names = try runs(program.json("out.json")).map { $0["trace"] as? String }
        #expect(names == ["day", "day (2)", "day (3)"])
    }

    @Test func trace_ofTimesOnTheStandardInput_getsAssumedLengths() throws {
        let program = try program()
        defer { program.remove() }
        let outcome = try program.run(
            ["backtest", "--trace", "-", "--schedule", "plan.csv", "--json", "out.json"], input: "timestamp\n0\n4\n8\n")
        #expect(outcome.status == 0, "\(outcome.notes)")
        let document = try program.json("out.json")
        #expect(try runs(document).first?["requests"] as? Int == 3)
        let notes = try #require(document["notes"] as? [String])
        #expect(notes.count == 1)
        #expect(notes.first?.contains("assumed to have 1000 prompt tokens and 200 output tokens") == true, "\(notes)")
    }

    // MARK: The plant

    @Test func plant_ofChangedOptions_tellsThemAll() throws {
        let program = try program()
        defer { program.remove() }
        let arguments =
            "--pool-nodes 3 --provisioning 30s --warm-pool 1 --fault crash:0:5 --fault slow:all:0.5:2:4 --service-time 80ms "
            + "--concurrency 2 --min-replicas 2 --max-replicas 9 --initial 3 --steady-rate 4 --seed 18446744073709551615"
        let outcome = try program.run(
            ["backtest", "--trace", "day.csv", "--schedule", "plan.csv", "--json", "out.json"]
                + arguments.split(separator: " ").map(String.init))
        #expect(outcome.status == 0, "\(outcome.notes)")
        let text = try program.text("out.json")
        for member in [
            #""pool_nodes":3,"#, #""accelerators_per_node":8,"#, #""provisioning_seconds":30,"#,
            #""warm_pool_replicas":1,"#, #""warm_start_up_seconds":5,"#, #""faults":"crash:0:5, slow:all:0.5:2:4","#,
            #""service_time_seconds":0.08,"#, #""concurrency":2,"#, #""min_replicas":2,"#, #""max_replicas":9,"#,
            #""initial_replicas":3,"#, #""steady_rate_per_second":4,"#, #""seed":18446744073709551615}"#,
        ] { #expect(text.contains(member), "\(member) is not in \(text)") }
    }

    @Test func note_ofWhatComesAfterTheEnd_isGiven() throws {
        let program = try program([
            "t.csv": "timestamp,prompt_tokens,output_tokens\n0,10,2\n5,10,2\n",
            "s.csv": "time_s,desired\n0,1\n9000,2\n",
        ])
        defer { program.remove() }
        let outcome = try program.run([
            "backtest", "--trace", "t.csv", "--schedule", "s.csv", "--fault", "crash:0:2h", "--fault", "crash:5:1s",
        ])
        let text = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains("--fault crash:0:2h never takes place: t ends at 605s"), "\(outcome.notes)")
        #expect(text.contains("1 row of the schedule never takes"))
        #expect(!text.contains("crash:5:1s never"))
    }

    @Test func policy_namedTwice_runsOnce() throws {
        let program = try program()
        defer { program.remove() }
        _ = try program.run([
            "backtest", "--trace", "day.csv", "--policy", "hpa,hpa", "--start-up", "2s", "--json", "out.json",
        ])
        #expect(try runs(program.json("out.json")).count == 1)
    }

    @Test func sameCommandTwice_givesTheSameButForItsOwnSpeed() throws {
        let program = try program()
        defer { program.remove() }
        let texts = try ["a.json", "b.json"].map { name in
            _ = try program.run(
                ["backtest", "--trace", "day.csv", "--schedule", "plan.csv", "--seed", "4", "--json", name])
            return try program.text(name).replacing(/"simulate_seconds":[^,}]+/, with: "")
        }
        #expect(texts[0].contains("\"seed\":4"))
        #expect(texts[0] == texts[1])
    }

    @Test func html_isOneFileWithTheTraceInIt() throws {
        let program = try program()
        defer { program.remove() }
        let outcome = try program.run(
            ["backtest", "--trace", "day.csv", "--schedule", "plan.csv", "--html", "new/folder/report.html"])
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(outcome.output.contains("written: new/folder/report.html"))
        let page = try program.text("new/folder/report.html")
        #expect(page.contains("schedule"))
        #expect(page.matches(of: /(?:src|href)="https?:/).isEmpty)
    }
}
