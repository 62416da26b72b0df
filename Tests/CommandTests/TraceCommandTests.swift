import Foundation
import Testing

/// `tideway trace` as a user runs it.
struct TraceCommandTests {
    private let program: Program

    init() throws { program = try Program() }

    private func tideway(_ arguments: String...) throws -> Program.Outcome { try program.run(["trace"] + arguments) }

    @Test func transform_cutSpedUpRepeated_writesTheTable() throws {
        defer { program.remove() }
        try program.write("timestamp,prompt_tokens,output_tokens\n0,1,1\n60,2,2\n90,3,3\n120,4,4\n", to: "a.csv")
        let outcome = try tideway(
            "transform", "a.csv", "--from", "1m", "--to", "2m", "--speed", "2", "--repeat", "2", "--out", "-")
        #expect(outcome.status == 0)
        #expect(
            outcome.output == """
                timestamp,prompt_tokens,output_tokens
                0.000000,2,2
                15.000000,3,3
                16.000000,2,2
                31.000000,3,3

                """)
        #expect(outcome.notes == "Wrote 4 requests over 31 s to the standard output.\n")
    }

    @Test func transform_ratesToGzip_isInspected() throws {
        defer { program.remove() }
        try program.write("timestamp,requests\n2024-05-10T00:00:00,30\n2024-05-10T00:01:00,60\n", to: "rate.csv")
        let made = try tideway(
            "transform", "rate.csv", "--prompt-tokens", "100", "--output-tokens", "10", "--out", "out.csv.gz")
        #expect(made.status == 0)
        #expect(made.notes.contains("90 requests were drawn from the rates: the counts as given"))
        let shown = try tideway("inspect", "out.csv.gz")
        #expect(shown.output.hasPrefix("out (csv): 90 requests in "))
        #expect(shown.output.contains("prompt        100.0      100      100      100      100"))
        #expect(shown.notes == "")
    }

    @Test func inspect_timesAlone_assumesLengthsAndSaysSo() throws {
        try program.write("timestamp\n0\n5\n", to: "times.csv")
        let assumed = try tideway("inspect", "times.csv")
        #expect(assumed.status == 0, "\(assumed.notes)")
        #expect(assumed.output.contains("1000 prompt tokens and 200 output tokens"))
        let given = try tideway("inspect", "times.csv", "--prompt-tokens", "7", "--output-tokens", "3")
        #expect(!given.output.contains("is assumed"))
    }

    @Test func make_sameSeed_writesTheSame() throws {
        defer { program.remove() }
        let first = try tideway("make", "--duration", "10m", "--seed", "5", "--out", "-")
        let second = try tideway("make", "--duration", "10m", "--seed", "5", "--out", "-")
        #expect(first.status == 0)
        #expect(first.output.split(separator: "\n").count > 100)
        #expect(first.output == second.output)
    }

    @Test func mistakes_endWithAdvice() throws {
        defer { program.remove() }
        try program.write("timestamp\n1\n2\n", to: "a.csv")
        let lengths = try tideway("transform", "a.csv", "--out", "b.csv")
        #expect(lengths.status != 0)
        #expect(lengths.notes.contains("Give every request a length with --prompt-tokens N and --output-tokens N"))
        let window = try tideway("transform", "a.csv", "--from", "2h", "--to", "1h", "--out", "b.csv")
        #expect(window.notes.contains("--to must be later than --from."))
        let nothing = try tideway(
            "transform", "a.csv", "--from", "2h", "--prompt-tokens", "1", "--output-tokens", "1", "--out", "b.csv")
        #expect(nothing.status != 0)
        #expect(nothing.notes.contains("No request is left."))
        #expect(!FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("b.csv").path))
    }

    @Test func sources_listEachWithItsCommand() throws {
        defer { program.remove() }
        let outcome = try tideway("sources")
        for name in ["Azure LLM inference 2023", "BurstGPT", "Mooncake", "Prometheus"] {
            #expect(outcome.output.contains(name))
        }
        #expect(outcome.output.contains("licence  CC-BY-4.0"))
    }
}
