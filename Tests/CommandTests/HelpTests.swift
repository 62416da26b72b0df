import Testing

/// What a user finds when asking: every option that the documentation names.
struct HelpTests {
    private static let reading = [
        "--format", "--prompt-tokens", "--output-tokens", "--skip-bad", "--unit", "--rows-from", "--burstiness",
    ]

    private static let backtest = [
        "--trace", "--format", "--profile", "--policy", "--slo-ttft", "--slo-itl", "--slo-latency", "--attainment",
        "--service-time", "--concurrency", "--min-replicas", "--max-replicas", "--initial", "--price", "--start-up",
        "--start-up-spread", "--warm-up", "--measure-from", "--copies", "--speed", "--binding", "--kv", "--seed",
        "--seeds",
        "--tune", "--jobs", "--json", "--html", "--decisions", "--schedule", "--prompt-tokens", "--output-tokens",
        "--unit", "--skip-bad", "--settings",
    ]

    @Test(arguments: [
        (["backtest"], backtest),
        (
            ["tune"],
            [
                "--trace", "--format", "--profile", "--policy", "--slo-ttft", "--attainment", "--start-up", "--warm-up",
                "--copies", "--candidates", "--seeds", "--seed", "--hold-out", "--jobs", "--output", "--html", "--json",
            ]
        ),
        (["trace", "transform"], reading + ["--from", "--to", "--scale", "--copies", "--repeat", "--speed", "--out"]),
        (["trace", "inspect"], reading),
        (
            ["forecast"],
            [
                "--input", "--column", "--covariates", "--calendar", "--step", "--horizon", "--quantiles", "--origins",
                "--json",
                "--csv", "--html", "--format", "--skip-bad",
            ]
        ),
        (["trace", "make"], ["--duration", "--seed", "--out"]),
        (["check"], ["--json", "--print-keys"]),
        (
            ["init"],
            [
                "--model", "--command", "--url", "--accelerators", "--profile", "--slo-ttft", "--slo-itl", "--output",
                "--force",
            ]
        ),
        (
            ["capacity"],
            [
                "--trace", "--rate", "--dispersion", "--profile", "--decode-profile", "--slo-ttft", "--slo-itl",
                "--attainment", "--service-time", "--concurrency", "--slo-latency", "--dispatch", "--cached-share",
                "--check", "--json",
            ]
        ),
        (["trace", "sources"], []),
        (["profile", "list"], []),
        (["profile", "show"], ["--json"]),
        (["profile", "fit"], ["--accelerators", "--name", "--kv-tokens", "--price", "--out", "--errors"]),
        (["profile", "fit-kernels"], ["--layers", "--step-tokens", "--kv-tokens", "--price", "--out"]),
        (["profile", "evaluate"], ["--closed-loop", "--json"]),
    ])
    func help_ofACommand_listsItsOptions(command: [String], options: [String]) throws {
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(command + ["--help"])
        #expect(outcome.status == 0)
        #expect(outcome.notes == "")
        #expect(outcome.output.contains("OVERVIEW:"))
        #expect(outcome.output.contains("USAGE: tideway \(command.joined(separator: " "))"))
        let named = Set(outcome.output.matches(of: /--[a-z-]+/).map { String($0.output) })
        #expect(Set(options).subtracting(named).sorted() == [])
    }

    @Test func help_ofBacktest_saysThatPerfectPartsAreReferences() throws {
        let program = try Program()
        defer { program.remove() }
        let words = try program.run(["backtest", "--help"]).output.split(whereSeparator: \.isWhitespace)
        let text = words.joined(separator: " ")
        #expect(text.contains("References, which nobody can run"))
        for suffix in ["forecast", "bursts", "release", "starts"] { #expect(text.contains("+perfect-\(suffix): ")) }
    }

    @Test func help_ofTheProgram_listsItsCommands() throws {
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(["--help"])
        #expect(outcome.status == 0)
        for command in ["init", "check", "backtest", "tune", "trace", "profile"] {
            #expect(outcome.output.contains("\n  \(command) "))
        }
    }

    @Test(arguments: [[], ["--help"]])
    func program_withoutACommand_saysWhatToTypeFirst(arguments: [String]) throws {
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(arguments)
        #expect((outcome.output + outcome.notes).contains("\n  tideway backtest\n"))
    }
}
