internal import ArgumentParser
internal import Backtest
internal import Capacity
internal import Fleet
internal import Performance
internal import Profiles
internal import Simulation
internal import Traces

/// `tideway capacity`: how many replicas a load needs.
struct CapacityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity",
        abstract: "Tell how many replicas a load needs so that enough of its requests are good.",
        discussion: """
            By a formula (docs/capacity.md) that short simulated trials correct, in some seconds. Lengths come from a trace, \
            or are all --prompt-tokens and --output-tokens; so do rate and burstiness where they are not given: those of the \
            busiest minute, and of windows of 10 s. --check simulates the answer, and finds the number that is really the least.

            For example:
              tideway capacity --trace FILE --rate 40
              tideway capacity --rate 12 --prompt-tokens 1000 --output-tokens 200 --check
              tideway capacity --service-time 200ms --concurrency 4 --rate 90 --dispersion 3
            """)

    /// Burstiness is measured over windows of about the length of a request, in seconds.
    static let dispersionWindow = 10.0
    /// Arrivals more regular than this are as good as regular.
    static let dispersionMin = 0.01

    @OptionGroup(title: "Replicas and objective")
    var served: ServedBy

    @Option(help: "Serve prefill and decoding apart: --profile prefills, this one decodes.")
    var decodeProfile: String?

    @Option(help: "A trace file, gzip or plain.")
    var trace: String?

    @OptionGroup(title: "Reading the trace")
    var input: TraceInputOptions

    @Option(help: "Share of each prompt that a prefix cache holds (default: as the trace tells, else none).")
    var cachedShare: Double?

    @Option(help: "Requests per second; may be repeated (default: the trace's busiest minute).")
    var rate: [Double] = []

    @Option(
        help: """
            Variance over mean of the number of arrivals in 10 s, 1 for Poisson; may be repeated (default: as the trace tells, \
            else 1).
            """)
    var dispersion: [Double] = []

    @Option(
        help: """
            Requests of each simulated trial that corrects the formula, about; 0 takes the formula as it is: in an instant, \
            and less exact where limits are tight. Pools with a --decode-profile go by the formula alone.
            """)
    var trialRequests = PoolCalibration.requests

    @Flag(help: "Simulate each answer, and search for the least number of replicas that reaches the target.")
    var check = false

    @Option(help: "With --check: requests of one simulation, about; never under 5 minutes.")
    var checkRequests = 100_000

    @Option(help: "Seed of the simulations.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Write the answers as JSON.", valueName: "file"))
    var json: String?

    func validate() throws {
        for rate in rate where !(rate > 0 && rate <= 1e9) {
            throw ValidationError("--rate \(rate) must be above zero, in requests per second.")
        }
        for dispersion in dispersion where !(Self.dispersionMin...1000).contains(dispersion) {
            throw ValidationError("--dispersion \(dispersion) must be at least 0.01 and at most 1000; 1 is Poisson.")
        }
        if let cachedShare, !(0...1).contains(cachedShare) {
            throw ValidationError("--cached-share \(cachedShare) is a share: 0 to 1.")
        }
        guard trialRequests == 0 || (1000...10_000_000).contains(trialRequests) else {
            throw ValidationError("--trial-requests \(trialRequests) must be 0, or at least 1000 and at most 10000000.")
        }
        guard (1000...10_000_000).contains(checkRequests) else {
            throw ValidationError("--check-requests \(checkRequests) must be at least 1000 and at most 10000000.")
        }
        guard !rate.isEmpty || trace != nil else {
            throw ValidationError("Give --rate in requests per second, or a --trace whose busiest minute is meant.")
        }
        guard decodeProfile == nil || !served.isService else {
            throw ValidationError("--decode-profile is for language models: leave out --service-time.")
        }
    }

    func run() throws {
        if let json { try ReportFile.makeFolder(for: json) }
        let sizing = try Sizing(
            profile: try served.loadProfile(), decodeProfile: try decodeProfile.map(ProfileCatalogue.load),
            objective: served.objective, order: served.dispatch, requests: try requests(), trialRequests: trialRequests)
        var report = CapacityReport(sizing)
        for rate in rates(sizing.requests) {
            for dispersion in dispersions(sizing.requests) {
                var line = sizing.answer(rate: rate, dispersion: dispersion)
                if check { sizing.check(&line, requests: checkRequests, seed: seed) }
                report.answers.append(line)
            }
        }
        for line in report.lines { print(line) }
        if let json { try ReportFile.write(try report.json(), to: json) }
    }

    // MARK: The load

    private func requests() throws -> Trace {
        let loaded = try loadRequests()
        guard !loaded.isEmpty else { throw CommandError("\(trace ?? "-"): there are no requests in it.") }
        guard let cachedShare else { return loaded }
        return loaded.cached(share: cachedShare)
    }

    private func loadRequests() throws -> Trace {
        if served.isService {
            guard let trace else { return constant(1, UInt32(PerformanceProfile.serviceOutputTokens)) }
            let loaded = try input.loadTrace(trace, seed: seed, assumed: BacktestTraces.assumedLengths).trace
            return asServices(loaded)
        }
        let assumed = BacktestTraces.assumedLengths
        guard let trace else {
            return constant(
                input.promptTokens ?? assumed.promptTokens, input.outputTokens ?? assumed.outputTokens)
        }
        let loaded = try input.loadTrace(trace, seed: seed, assumed: assumed)
        if let note = BacktestTraces.note(assumed: loaded.assumedLengths) { printNote("note: \(note)") }
        for note in loaded.notes { printNote("note: \(note)") }
        return loaded.trace
    }

    private func constant(_ promptTokens: UInt32, _ outputTokens: UInt32) -> Trace {
        var builder = TraceBuilder()
        builder.append(
            TraceBuilder.Request(
                row: RequestRow(arrival: 0, promptTokens: promptTokens, outputTokens: outputTokens)))
        return builder.finish(name: "\(promptTokens) tokens in and \(outputTokens) out")
    }

    /// Every request is one service, whatever its lengths.
    private func asServices(_ trace: Trace) -> Trace {
        var builder = TraceBuilder()
        trace.forEach {
            let tokens = UInt32(PerformanceProfile.serviceOutputTokens)
            builder.append(
                TraceBuilder.Request(
                    row: RequestRow(arrival: $0.arrival, promptTokens: 1, outputTokens: tokens)))
        }
        return builder.finish(name: trace.name)
    }

    private func rates(_ requests: Trace) -> [Double] {
        rate.isEmpty ? [TraceSummary(requests).rateMaxOverMinute] : rate
    }

    private func dispersions(_ requests: Trace) -> [Double] {
        guard dispersion.isEmpty else { return dispersion }
        return [max(requests.dispersion(window: Self.dispersionWindow) ?? 1, Self.dispersionMin)]
    }
}
