import Foundation
import Testing

/// `tideway init` and `tideway check`, as a user runs them.
struct ConfigurationCommandTests {
    private func withProgram(_ body: (Program) throws -> Void) throws {
        let program = try Program()
        defer { program.remove() }
        try body(program)
    }

    private static let process = ["init", "--model", "meta/llama-8b", "--command", "server --port {port}"]

    @Test(arguments: [
        process + ["--accelerators", "4"],
        process + ["--slo-ttft", "500ms", "--slo-itl", "25ms", "--profile", "8b-h100"],
        ["init", "--command", "s -m 'my \"model\".gguf' -p {port}", "--model", "ünïcode \" name"],
        ["init", "--url", "http://127.0.0.1:8001", "--url", "http://127.0.0.1:8002"],
    ])
    func initFile_ofOptions_passesTheCheck(arguments: [String]) throws {
        try withProgram { program in
            let made = try program.run(arguments)
            #expect(made.status == 0, "\(made.notes)")
            #expect(made.output.contains("tideway check"))
            let checked = try program.run(["check"])
            #expect(checked.status == 0, "\(checked.output)")
            #expect(!checked.output.contains("warning:"), "\(checked.output)")
            #expect(checked.output.contains("tideway up"))
        }
    }

    @Test func initFile_thatExists_isKeptUnlessForced() throws {
        try withProgram { program in
            try program.write("mine", to: "tideway.yaml")
            let refused = try program.run(Self.process)
            #expect(refused.status != 0)
            #expect(refused.notes.contains("--force"))
            let kept = try program.text("tideway.yaml")
            #expect(kept == "mine")
            let forced = try program.run(Self.process + ["--force"])
            #expect(forced.status == 0)
            let written = try program.text("tideway.yaml")
            #expect(written.contains("meta/llama-8b"))
        }
    }

    @Test(arguments: [
        (["init"], "--command"), (process + ["--url", "http://a:1"], "one of them"),
        (["init", "--url", "https://a/v1"], "http://HOST:PORT"),
        (process + ["--profile", "8b-a10"], "Did you mean 8b-a100?"),
        (process + ["--accelerators", "0"], "at least 1"),
    ])
    func initFile_ofNonsense_isNotWritten(arguments: [String], words: String) throws {
        try withProgram { program in
            let outcome = try program.run(arguments)
            #expect(outcome.status != 0)
            #expect(outcome.notes.contains(words), "\(outcome.notes)")
            #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "tideway.yaml").path))
        }
    }

    @Test func check_aBadFile_listsAllProblemsAndFails() throws {
        try withProgram { program in
            try program.write("gatway: {}\nworkloads:\n  - id: chat\n    priority: high\n", to: "bad.yaml")
            let outcome = try program.run(["check", "bad.yaml"])
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("bad.yaml:1:1: error: gatway: there is no such key; did you mean gateway?"))
            #expect(
                outcome.output.contains("bad.yaml:4:15: error: workloads[0].priority: 'high' is not a whole number"))
            #expect(outcome.output.contains("3 errors"))
            let json = try program.run(["check", "bad.yaml", "--json"])
            #expect(json.status == 1)
            try program.write(json.output, to: "problems.json")
            let document = try program.json("problems.json")
            #expect(document["is_usable"] as? Bool == false)
            #expect((document["problems"] as? [[String: Any]])?.compactMap { $0["line"] as? Int } == [1, 3, 4])
        }
    }

    @Test func check_withoutAFile_saysHowToWriteOne() throws {
        try withProgram { program in
            let outcome = try program.run(["check"])
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("tideway init"))
        }
    }

    @Test func version_isANumber() throws {
        try withProgram { program in
            let output = try program.run(["--version"]).output
            #expect(output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
        }
    }
}
