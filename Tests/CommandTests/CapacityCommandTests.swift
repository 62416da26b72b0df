import Foundation
import Testing

/// `tideway capacity` as a user runs it.
struct CapacityCommandTests {
    private let program: Program

    init() throws { program = try Program() }

    private func capacity(_ arguments: String...) throws -> Program.Outcome {
        try program.run(["capacity", "--trial-requests", "0"] + arguments)
    }

    private struct Document: Decodable {
        struct Answer: Decodable {
            var replicas: Int?
            var decodeReplicas: Int?
            var simulatedAttainment: Double?
            var leastReplicas: Int?
        }

        var answers: [Answer]

        init(contentsOf file: URL) throws {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            self = try decoder.decode(Document.self, from: Data(contentsOf: file))
        }
    }

    @Test func rate_isAnsweredAndChecked() throws {
        defer { program.remove() }
        let outcome = try capacity(
            "--rate", "12", "--rate", "24", "--prompt-tokens", "1000", "--output-tokens", "200", "--check",
            "--check-requests", "5000", "--json", "out.json")
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("1000 tokens in and 200 out on 8b-a100, 99.0 % good, dispatch fcfs\n"))
        let answers = try Document(contentsOf: program.folder.appendingPathComponent("out.json")).answers
        #expect(answers.count == 2)
        for answer in answers {
            let (replicas, least) = (answer.replicas ?? 0, answer.leastReplicas ?? 0)
            #expect(replicas >= 2 && abs(replicas - least) <= 1)
            #expect((answer.simulatedAttainment ?? 0) > 0.95)
        }
    }

    @Test func trials_correctTheFormula() throws {
        defer { program.remove() }
        func excess(trialRequests: String) throws -> Int {
            // Services that may hardly wait: far too few by the formula, under bursts.
            let outcome = try program.run([
                "capacity", "--service-time", "20s", "--slo-latency", "25s", "--rate", "1", "--dispersion", "4",
                "--check", "--check-requests", "3000", "--trial-requests", trialRequests, "--json", "out.json",
            ])
            #expect(outcome.status == 0)
            let answers = try Document(contentsOf: program.folder.appendingPathComponent("out.json")).answers
            let answer = try #require(answers.first)
            return try #require(answer.replicas) - #require(answer.leastReplicas)
        }
        #expect(try excess(trialRequests: "0") < -5)
        #expect(try abs(excess(trialRequests: "1000")) <= 4)
    }

    @Test func trace_givesRateAndBurstiness() throws {
        defer { program.remove() }
        // 2/s, regular: 120 in the fullest minute.
        let rows = (0..<600).map { "\(Double($0) / 2),800,100" }.joined(separator: "\n")
        try program.write("timestamp,prompt_tokens,output_tokens\n\(rows)\n", to: "t.csv")
        let outcome = try capacity("--trace", "t.csv")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("\n2.00 requests/s, dispersion 0.01: 1 replica\n"))
    }

    @Test func splitServing_answersForBothPools() throws {
        defer { program.remove() }
        let outcome = try capacity(
            "--rate", "40", "--prompt-tokens", "1000", "--output-tokens", "200", "--decode-profile", "8b-h100",
            "--json",
            "out.json")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains(" for prefill and "))
        let answer = try Document(contentsOf: program.folder.appendingPathComponent("out.json")).answers.first
        // Prefill alone is 40 x 71 ms = 2.8 replicas.
        #expect((3...5).contains(answer?.replicas ?? 0) && (answer?.decodeReplicas ?? 0) >= 1)
    }

    @Test func impossibleObjective_isSaid() throws {
        defer { program.remove() }
        let outcome = try capacity("--rate", "1", "--slo-itl", "10ms")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("no number of replicas keeps the objective; allow more time"))
    }

    @Test(arguments: [
        ([String](), "Give --rate in requests per second, or a --trace whose busiest minute is meant."),
        (["--rate", "0"], "--rate 0.0 must be above zero, in requests per second."),
        (
            ["--rate", "1", "--dispersion", "0"],
            "--dispersion 0.0 must be at least 0.01 and at most 1000; 1 is Poisson."
        ),
        (["--rate", "1", "--attainment", "1"], "--attainment 1.0 is a share: above 0 and below 1 (0.99)."),
        (
            ["--rate", "1", "--trial-requests", "10"],
            "--trial-requests 10 must be 0, or at least 1000 and at most 10000000."
        ),
        (["--rate", "1", "--cached-share", "2"], "--cached-share 2.0 is a share: 0 to 1."),
        (["--rate", "1", "--slo-latency", "1s"], "--slo-latency is for services: give --service-time too."),
        (
            ["--rate", "1", "--service-time", "1s", "--decode-profile", "8b-h100"],
            "--decode-profile is for language models: leave out --service-time."
        ),
        (["--rate", "1", "--profile", "9b"], "9b"),
    ])
    func mistake_isExplained(arguments: [String], message: String) throws {
        defer { program.remove() }
        let outcome = try program.run(["capacity"] + arguments)
        #expect(outcome.status != 0)
        #expect(outcome.notes.contains(message))
    }
}
