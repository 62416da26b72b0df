import Foundation
import Testing

/// Each mistake ends the program, with a message that names the thing and the way out.
struct BacktestMistakeTests {
    struct Mistake: CustomTestStringConvertible, Sendable {
        var arguments: [String]
        /// What the message must contain.
        var message: [String]

        init(_ arguments: String, _ message: String...) {
            self.arguments = arguments.split(separator: " ").map(String.init)
            self.message = message
        }

        var testDescription: String { arguments.joined(separator: " ") }
    }

    private static let files = [
        "good.csv": "timestamp,prompt_tokens,output_tokens\n0,10,2\n5,10,2\n",
        "broken.csv": "timestamp,prompt_tokens,output_tokens\n0,10,2\n5,ten,2\n",
        "instant.csv": "timestamp,prompt_tokens,output_tokens\n0,10,2\n0,10,2\n",
        "gap.csv": "timestamp,prompt_tokens,output_tokens\n0,10,2\n5,,2\n",
        "empty.csv": "timestamp,prompt_tokens,output_tokens\n",
        "plan.csv": "time_s,desired\n0,2\n",
        "plan-header.csv": "time,desired\n0,2\n",
        "plan-unsorted.csv": "time_s,desired\n0,2\n60,1\n30,3\n",
        "plan-late.csv": "time_s,desired\n5,2\n",
        "plan-text.csv": "time_s,desired\n0,2\n60,many\n",
        "plan-empty.csv": "time_s,desired\n",
        "file": "not a folder",
    ]

    private static let mistakes = [
        Mistake("--trace nosuch.csv", "nosuch.csv", "Check the path"),
        Mistake("--trace broken.csv", "broken.csv:3:3", "found \"ten\"", "--skip-bad"),
        Mistake("--trace empty.csv", "empty.csv", "no request in it"),
        Mistake("--trace good.csv --policy hpq", "'hpq'", "did you mean 'hpa'", "tideway"),
        Mistake("--trace good.csv --policy ,", "--policy", "hpa"),
        Mistake("--trace good.csv --policy tideway+perfekt", "'tideway+perfekt'", "did you mean 'tideway'"),
        Mistake("--trace good.csv --policy hpa+slo+perfect-bursts", "hpa has no such part", "+perfect-bursts is for"),
        Mistake("--trace good.csv --profile 8b-a10", "8b-a10", "Did you mean 8b-a100?"),
        Mistake("--trace good.csv --profile file", "file", "JSON"),
        Mistake("--trace good.csv --polcy hpa", "--polcy", "--policy"),
        Mistake("--trace good.csv --slo-itl 5ms", "--slo-itl 5ms", "at least 0.01414s", "Ask for more time"),
        Mistake("--trace good.csv --slo-ttft 0", "--slo-ttft", "at least 1ms"),
        Mistake(
            "--trace good.csv --service-time 80ms --slo-latency 50ms", "--slo-latency 50ms", "takes 80ms",
            "Ask for more time"),
        Mistake("--trace good.csv --slo-latency 50ms", "--slo-latency", "give --service-time too"),
        Mistake("--trace good.csv --attainment 2", "--attainment 2.0", "at most 1"),
        Mistake("--trace good.csv --copies 0", "--copies 0", "at least 1"),
        Mistake("--trace good.csv --speed 0", "--speed 0.0", "above zero"),
        Mistake("--trace good.csv --warm-up=-5s", "--warm-up -5s", "at least"),
        Mistake("--trace good.csv --measure-from=-5s", "--measure-from -5s", "at least"),
        Mistake("--trace instant.csv", "all requests arrive at one instant", "no time to measure"),
        Mistake("--trace gap.csv", "gap.csv:3", "--prompt-tokens N"),
        Mistake("--trace good.csv --seeds 0", "--seeds 0", "at least 1"),
        Mistake("--trace good.csv --measure-from 1h", "--measure-from 1h", "arrives at 5s", "earlier"),
        Mistake("--trace good.csv --start-up 5x", "'5x'", "--start-up"),
        Mistake("--trace good.csv --min-replicas 3 --max-replicas 2", "--max-replicas", "--min-replicas"),
        Mistake("--trace good.csv --binding middle", "'middle'", "'late' and 'early'"),
        Mistake("--trace good.csv --pool-nodes 1 --accelerators-per-node 2 --profile 70b-h100x4", "4 or more"),
        Mistake("--trace good.csv --schedule nosuch.csv", "nosuch.csv", "Check the path"),
        Mistake("--trace good.csv --schedule plan-header.csv", "plan-header.csv, line 1", "`time_s,desired`"),
        Mistake("--trace good.csv --schedule plan-unsorted.csv", "plan-unsorted.csv, line 4", "times must grow"),
        Mistake("--trace good.csv --schedule plan-late.csv", "plan-late.csv, line 2", "time 0"),
        Mistake("--trace good.csv --schedule plan-text.csv", "plan-text.csv, line 3", "`60,many`"),
        Mistake("--trace good.csv --schedule plan-empty.csv", "plan-empty.csv", "`0,2`"),
        Mistake(
            "--trace good.csv --schedule plan.csv --html file/report.html", "file/report.html", "cannot be written",
            "Name a file in a folder"),
    ]

    /// Values that no run could bear.
    private static let values = [
        Mistake("--warm-pool 1 --warm-start-up=-5s", "--warm-start-up -5s", "at least"),
        Mistake("--start-up 1e300", "--start-up", "at most 10000d"),
        Mistake("--start-up=-1s", "--start-up -1s", "at least"),
        Mistake("--start-up-spread inf", "--start-up-spread inf", "at most 1000"),
        Mistake("--service-time 1e-20", "--service-time", "at least 1ms"),
        Mistake("--service-time 61s", "--service-time 61s", "at most 1m", "Longer jobs are no requests"),
        Mistake("--service-time 1s --slo-latency 0", "--slo-latency", "at least 1ms"),
        Mistake("--service-time 1s --slo-latency 301s", "--slo-latency 301s", "at most 5m"),
        Mistake("--pool-nodes 2 --provisioning=-5s", "--provisioning -5s", "at least"),
        Mistake("--pool-nodes 9000000000000000000", "--pool-nodes", "at most 100000"),
        Mistake("--initial 0", "--initial 0", "at least 1"),
    ]

    /// Options that would silently do nothing.
    private static let lonely = [
        Mistake("--json day.csv --trace day.csv", "day.csv is read too"),
        Mistake("--json out --html ./out", "is written too"),
        Mistake("--concurrency 5000 --service-time 1s", "--concurrency 5000", "at most 1000"),
        Mistake("--concurrency 2", "--concurrency", "give --service-time too"),
        Mistake("--provisioning 5s", "--provisioning", "give --pool-nodes too"),
        Mistake("--accelerators-per-node 4", "--accelerators-per-node", "give --pool-nodes too"),
        Mistake("--warm-start-up 5s", "--warm-start-up", "give --warm-pool too"),
        Mistake("--service-time 1s --profile 8b-a100", "--profile", "leave out one"),
        Mistake("--service-time 1s --slo-ttft 1s", "--slo-ttft", "leave out one"),
        Mistake("--service-time 1s --slo-itl 1s", "--slo-itl", "leave out one"),
        Mistake("--seed 1 --seeds 2", "--seed", "--seeds", "leave out one"),
        Mistake("--schedule plan.csv --tune", "--tune", "give --policy too"),
        Mistake("--service chat", "--service", "--prompt-cdf"),
        Mistake("good.csv", "did you mean --trace good.csv?"),
        Mistake("--service-time 1s --prompt-tokens 5", "--prompt-tokens", "leave out one"),
        Mistake("--service-time 1s --rows-from good.csv", "--rows-from", "leave out one"),
        Mistake("--trace good.csv --measure-from -5s", "--measure-from -5s", "at least"),
    ]

    private static let faults = [
        "crash:1e30:5", "crash:1h:10", "crash:-1:10", "crash:0:-1s", "crash:0", "crash:0:1e300", "failed-start:1.5",
        "slow:0:0:0:10", "slow:0:inf:0:10", "slow:0:0.5:10:10", "metrics-lost:10:5", "metrics-late:0:1:5", "flood:1",
    ].map { Mistake("--fault \($0)", "--fault", $0, "failed-start:N", "metrics-late:BY:FROM:UNTIL") }

    @Test(arguments: mistakes + values + lonely + faults)
    func mistake_endsWithItsNameAndTheWayOut(mistake: Mistake) throws {
        let program = try Program()
        defer { program.remove() }
        for (name, text) in Self.files { try program.write(text, to: name) }
        let outcome = try program.run(["backtest"] + mistake.arguments)
        #expect(outcome.status != 0)
        for part in mistake.message { #expect(outcome.notes.contains(part), "\(outcome.notes)") }
        #expect(!outcome.output.contains("acc-h"), "a table was printed all the same")
    }
}
