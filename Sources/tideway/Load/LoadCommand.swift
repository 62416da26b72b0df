internal import ArgumentParser
internal import Fleet
internal import Foundation
internal import Load

/// `tideway load`: a trace as real requests.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Replay a trace against any OpenAI-compatible server, and measure what users would see.",
        discussion: """
            Each request is sent when the trace says, however slow the server is, and its latency counts from that moment. \
            Several workloads at once: give --model and --trace once for each, in the same order.
              tideway load --url http://127.0.0.1:8080 --model chat --trace chat.csv

            docs/load.md defines each figure and the JSON document.
            """)

    @OptionGroup(title: "What is sent")
    var traces: LoadTraces

    @Option(help: ArgumentHelp("The server: http://HOST:PORT.", valueName: "url"))
    var url: String

    @Option(help: "Path of each request; /v1/chat/completions and /v1/embeddings have bodies of their own.")
    var path = "/v1/completions"

    @Flag(inversion: .prefixedNo, help: "Ask for answers token by token.")
    var stream = true

    @Option(help: "Bytes of prompt text for each prompt token of the trace.")
    var bytesPerToken = 4

    @Option(help: "Name of the environment variable that holds the API key.")
    var apiKeyEnv: String?

    @Option(help: "A request without its whole answer after this time has failed.")
    var timeout = DurationOption(seconds: 300)

    @Option(help: "Requests in flight at most; what comes above is not sent, and counted.")
    var concurrencyLimit = 10_000

    @OptionGroup(title: "What counts as good")
    var objective: LoadObjective

    @Option(help: ArgumentHelp("Write the results as JSON; - is the standard output.", valueName: "file"))
    var json: String?

    func validate() throws {
        try timeout.validate("--timeout", atLeast: 0.001, atMost: 86_400)
        guard (1...100_000).contains(concurrencyLimit) else {
            throw ValidationError("--concurrency-limit \(concurrencyLimit) must be at least 1 and at most 100000.")
        }
        guard (1...64).contains(bytesPerToken) else {
            throw ValidationError("--bytes-per-token \(bytesPerToken) must be at least 1 and at most 64.")
        }
        if !stream, objective.hasTokenLimits {
            throw ValidationError(
                "--no-stream shows no single tokens: give --slo-latency instead of --slo-ttft and --slo-itl.")
        }
        if let json, json != "-" { try DistinctFiles.require(inputs: traces.trace, outputs: [json]) }
    }

    func run() async throws {
        if let json, json != "-" { try ReportFile.makeFolder(for: json) }
        let plan = try plan()
        FileDescriptors.raiseLimit()
        let run = LoadRun(plan)
        let interrupts = InterruptSignals { run.stop() }
        defer { interrupts.stop() }
        let line = LoadLine(isShown: Terminal.error.isShown)
        let report = try await run.run { line.show($0) }
        line.clear()
        try show(report)
    }

    private func plan() throws -> LoadPlan {
        let target = try LoadTarget(url: url, path: path)
        let objective = objective.objective(streams: stream)
        let workloads = try traces.load().map { LoadWorkload(model: $0.model, trace: $0.trace, objective: objective) }
        var plan = LoadPlan(target: target, workloads: workloads)
        plan.speed = traces.speed
        plan.streams = stream
        plan.bytesPerToken = bytesPerToken
        plan.timeout = timeout.duration
        plan.concurrencyLimit = concurrencyLimit
        plan.apiKey = try apiKeyEnv.map(LoadCommand.apiKey(in:))
        return plan
    }

    private static func apiKey(in variable: String) throws -> String {
        guard let key = ProcessInfo.processInfo.environment[variable], !key.isEmpty else {
            throw CommandError("--api-key-env \(variable): there is no such environment variable. Export it first.")
        }
        guard key.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw CommandError("--api-key-env \(variable): its value holds spaces or line ends, as no key does.")
        }
        return key
    }

    private func show(_ report: LoadReport) throws {
        let text = LoadText(report)
        if json == "-" {
            print(try report.json(), terminator: "")
        } else {
            for line in text.lines { print(line) }
            if let json { try ReportFile.write(try report.json(), to: json) }
        }
        for line in text.warnings { printNote("warning: \(line)") }
    }
}

/// What counts as good, as options.
struct LoadObjective: ParsableArguments {
    @Option(help: "Time to the first token, twice that for prompts above 4,096 tokens (default: 1s).")
    var sloTtft: DurationOption?

    @Option(help: "Mean time between tokens (default: 50ms).")
    var sloItl: DurationOption?

    @Option(help: "From when a request is due to its whole answer, instead of both.")
    var sloLatency: DurationOption?

    @Option(help: "Share of the requests that must keep the limits.")
    var attainment = 0.99

    var hasTokenLimits: Bool { sloTtft != nil || sloItl != nil }

    func validate() throws {
        try sloTtft?.validate("--slo-ttft", atLeast: 0.001)
        try sloItl?.validate("--slo-itl", atLeast: 0.0001)
        try sloLatency?.validate("--slo-latency", atLeast: 0.001)
        guard attainment > 0, attainment <= 1 else {
            throw ValidationError("--attainment \(attainment) must be above 0 and at most 1.")
        }
        if sloLatency != nil, hasTokenLimits {
            throw ValidationError("--slo-latency stands instead of --slo-ttft and --slo-itl: give one or the others.")
        }
    }

    /// Nil where whole answers have no limit.
    func objective(streams: Bool) -> ServiceLevelObjective? {
        if let sloLatency {
            return ServiceLevelObjective(limits: .latency(sloLatency.duration), attainmentTarget: attainment)
        }
        guard streams else { return nil }
        let ttft = sloTtft?.duration ?? .seconds(1)
        let itl = sloItl?.duration ?? .milliseconds(50)
        return ServiceLevelObjective(limits: .tokens(ttft: ttft, itl: itl), attainmentTarget: attainment)
    }
}
