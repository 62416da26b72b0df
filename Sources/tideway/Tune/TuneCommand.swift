internal import ArgumentParser
internal import Backtest
internal import Configuration
internal import Foundation
internal import Policies
internal import Reports
internal import Simulation
internal import Traces

/// `tideway tune`: searches the few settings of the policy `tideway` on recorded traffic.
struct TuneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Search the settings of the policy tideway on your traffic, and show what they trade.",
        discussion: """
            No setting has to be chosen: the defaults, and what is learned, serve all traffic. Part of the history is held out, and \
            where the chosen settings are not better on it the defaults are kept.
              tideway tune --trace FILE --output settings.yaml
              tideway backtest --trace FILE --settings settings.yaml
            """)

    static let policies = ["tideway", "tideway" + PolicyVariant.inTimeSuffix]

    @OptionGroup(title: "Traces")
    var traces: BacktestTraces

    @OptionGroup(title: "Plant")
    var plant: PlantOptions

    @Option(help: "Whose settings: tideway, or tideway+slo (served in the order slo).")
    var policy = TuneCommand.policies[0]

    @Option(help: "Settings to try, the defaults among them.")
    var candidates = 81

    @Option(help: "Seeds of start-up times that the best are measured with.")
    var seeds = 9

    @Option(help: "Seed of the candidates.")
    var seed: UInt64 = 1

    @Option(help: "Share of the history, its end, that is kept from the search; 0 keeps none.")
    var holdOut = 0.3

    @OptionGroup
    var parallel: JobsOption

    @Option(
        help: ArgumentHelp(
            "Write the chosen settings to this file, for --settings and tideway.yaml.", valueName: "file"))
    var output: String?

    @Option(help: "Write all that was tried to this file as JSON.")
    var json: String?

    @Option(help: "Write a page with the trade-off curve to this file.")
    var html: String?

    private static let candidatesMax = 10_000
    private static let seedsMax = 1_000

    func validate() throws {
        try plant.requireNoLengths(traces.input)
        guard TuneCommand.policies.contains(policy) else {
            throw ValidationError(
                "--policy \(policy) has no settings to search: write one of \(TuneCommand.policies.joined(separator: ", "))."
            )
        }
        for (option, value, most) in [
            ("--candidates", candidates, TuneCommand.candidatesMax), ("--seeds", seeds, TuneCommand.seedsMax),
        ] where !(1...most).contains(value) {
            throw ValidationError("\(option) \(value) must be at least 1 and at most \(most).")
        }
        guard (0...0.9).contains(holdOut) else {
            throw ValidationError("--hold-out \(holdOut) is a share: at least 0, at most 0.9.")
        }
        try DistinctFiles.require(
            inputs: traces.trace + [plant.profile].compactMap { $0 }, outputs: [output, json, html].compactMap { $0 })
    }

    func run() async throws {
        for path in written { try ReportFile.makeFolder(for: path) }
        let profile = try plant.loadProfile()
        let options = try plant.simulationOptions(profile: profile, measureFrom: traces.measureFrom.seconds)
        let (history, notes) = try traces.load(seed: seed, isService: plant.serviceTime != nil)
        let progress = ProgressBar(label: "tuning")
        let work = parallel.work(showing: progress)
        let campaign = BacktestCampaign(
            policies: [policy], seeds: [1], overrides: plant.overrides, dispatch: plant.dispatch,
            settings: TidewaySettings(), work: work)
        let search = TuneSearch(
            campaign: campaign, profile: profile, options: options, policy: policy, candidateCount: candidates,
            seedCount: seeds, seed: seed)
        let split = SplitHistory(history, share: holdOut, measureFrom: options.measureFrom)
        // Also when it fails: the message must not stand behind a bar.
        var report = try await progress.shown { try await search.report(split) }
        report.plant =
            PlantDescription(
                plant: plant, traces: traces, profile: profile, seed: seed, seeds: seeds, isTuned: false
            ).settings + [("candidates", "\(candidates)"), ("hold_out", "\(holdOut)")]
        report.notes = notes + split.notes
        try write(report)
    }

    private var written: [String] { [output, json, html].compactMap { $0 } }

    private func write(_ report: TuningReport) throws {
        let document = TuningDocument(report)
        let text = TuneText(report, columns: Terminal.output.columns ?? TuneText.columns)
        if let output { try ReportFile.write(text.settingsFile, to: output) }
        if let json { try ReportFile.write(document.json, to: json) }
        if let html { try ReportFile.write(document.html, to: html) }
        for line in text.lines { print(line) }
        if output == nil, report.kept != 0 { print("\n" + text.settingsFile, terminator: "") }
        for path in written { print("written: \(path)") }
        print("Next: \(next(report))")
    }

    private func next(_ report: TuningReport) -> String {
        if traces.trace.isEmpty {
            return "your own traffic: tideway tune --trace FILE (tideway trace sources lists public traces)"
        }
        guard report.kept != 0 else { return "nothing has to be set; leave policy: out of tideway.yaml" }
        guard let output else { return "the same with --output settings.yaml" }
        let trace = traces.trace.map { "--trace \($0)" }.joined(separator: " ")
        return
            "tideway backtest \(trace) --policy \(policy) --settings \(output), and the options of this search; to use them, put the section policy into "
            + "tideway.yaml"
    }
}
