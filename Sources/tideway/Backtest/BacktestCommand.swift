internal import ArgumentParser
internal import Backtest
internal import Fleet
internal import Foundation
internal import Performance
internal import Policies
internal import Reports
internal import Routing
internal import Simulation
internal import Traces

/// `tideway backtest`: what each scaling policy would have cost on given traffic, and whom it would have failed.
struct BacktestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Replay traffic under each scaling policy: what it would have cost, and whom it would have failed.",
        discussion: """
            Policies: \(PolicyCatalog.names.joined(separator: ", ")). With \(PolicyVariant.inTimeSuffix) after its name a policy runs \
            with slo dispatch, whatever --dispatch says.

            References, which nobody can run, show what limits a policy: after a name they replace a part by its perfect \
            version. \(PolicyVariant.partsText).
            """)

    static let defaultPolicies = [
        "static", "forecast", "hpa", "keda-queue+conc", "knative-kpa", "ray-serve", "tideway",
        "tideway" + PolicyVariant.inTimeSuffix,
    ]

    @OptionGroup(title: "Traces")
    var traces: BacktestTraces

    @OptionGroup(title: "Plant")
    var plant: PlantOptions

    @Option(help: "Policies, separated by commas, or all.")
    var policy: String?

    @Option(help: "Simulate this schedule too (CSV: time_s,desired); without --policy, nothing else runs.")
    var schedule: String?

    @Option(help: "Seed of start-up times and of all that is drawn (default: 1).")
    var seed: UInt64?

    @Option(help: "Run with this many seeds, 1 and up, and report means and standard deviations.")
    var seeds: Int?

    @Flag(help: "Also search each policy's main knob, so that it just reaches the attainment target.")
    var tune = false

    @Option(
        help: ArgumentHelp(
            "Settings of the policy tideway, as tideway tune writes them; also the policy section of a tideway.yaml.",
            valueName: "file"))
    var settings: String?

    @OptionGroup
    var parallel: JobsOption

    @Option(help: "Write the results to this file as JSON.")
    var json: String?

    @Option(help: "Write a report with charts to this file.")
    var html: String?

    @Option(help: "Write replica counts over time to this file as CSV.")
    var decisions: String?

    /// What was typed without an option before it.
    @Argument(help: .hidden)
    var stray: [String] = []

    /// Characters in a line where the output is no terminal.
    private static let columns = 100
    private static let seedsMax = 10_000

    func validate() throws {
        try plant.requireNoLengths(traces.input)
        if let seeds, !(1...BacktestCommand.seedsMax).contains(seeds) {
            throw ValidationError("--seeds \(seeds) must be at least 1 and at most \(BacktestCommand.seedsMax).")
        }
        if seed != nil, seeds != nil {
            throw ValidationError("--seed runs one seed and --seeds runs 1, 2 and so on: leave out one of them.")
        }
        try DistinctFiles.require(
            inputs: traces.trace + [schedule, plant.profile, settings].compactMap { $0 },
            outputs: [json, html, decisions].compactMap { $0 })
        let policies = try chosenPolicies()
        if tune, policies.isEmpty {
            throw ValidationError("--tune searches the knobs of policies, and a schedule has none: give --policy too.")
        }
    }

    func run() async throws {
        // Only here: an option that is misspelt, and whose value is left over, is told before this.
        if let first = stray.first {
            throw ValidationError("\(first) stands without an option: did you mean --trace \(first)?")
        }
        for path in [json, html, decisions].compactMap({ $0 }) { try ReportFile.makeFolder(for: path) }
        let profile = try plant.loadProfile()
        var options = try plant.simulationOptions(profile: profile, measureFrom: traces.measureFrom.seconds)
        options.seed = seedList[0]
        let schedule = try schedule.map { try ScheduleFile(path: $0) }
        let settings = try settings.map { try ChosenSettings(path: $0) }
        let (traceSet, notes) = try traces.load(seed: seedList[0], isService: plant.serviceTime != nil)
        let progress = ProgressBar(label: "simulating")
        let campaign = BacktestCampaign(
            policies: try chosenPolicies(), schedule: schedule, seeds: seedList, isTuned: tune,
            keepsDetail: html != nil, overrides: plant.overrides, dispatch: plant.dispatch,
            settings: settings?.settings ?? TidewaySettings(), work: parallel.work(showing: progress))
        // Also when it fails: the message must not stand behind a bar.
        let (studies, runs) = try await progress.shown {
            let studies = try await campaign.studies(traceSet, profile: profile, options: options)
            return (studies, try await campaign.runs(studies))
        }
        var report = BacktestReport(
            plant: PlantDescription(
                plant: plant, traces: traces, profile: profile, seed: seed, seeds: seeds, isTuned: tune
            ).settings + (settings?.plant ?? []), references: studies.map(\.references), runs: runs,
            attainmentTarget: plant.attainment)
        report.notes = notes + studies.flatMap(\.notes) + (settings.map { [$0.note] } ?? [])
        for trace in traceSet {
            let absences = Absences(trace: trace, end: trace.lastArrival + options.drainLimit)
            report.notes += absences.notes(faults: plant.fault, schedule: schedule)
        }
        if plant.serviceTime != nil, plant.price == nil {
            report.notes.append("No --price given: what this service costs is counted as 0.")
        }
        try write(report, variant: profile.name)
    }

    private var seedList: [UInt64] { seeds.map { (1...$0).map(UInt64.init) } ?? [seed ?? 1] }

    private func chosenPolicies() throws -> [String] {
        guard let policy else { return schedule == nil ? BacktestCommand.defaultPolicies : [] }
        if policy == "all" { return PolicyCatalog.names + ["tideway" + PolicyVariant.inTimeSuffix] }
        let names = policy.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        if names.isEmpty {
            throw ValidationError(
                "--policy \"\(policy)\" names no policy: give some of \(PolicyCatalog.names.joined(separator: ", ")), or all."
            )
        }
        for name in names { try BacktestCommand.requireVariant(name) }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    private static func requireVariant(_ name: String) throws {
        let variant = PolicyVariant(name)
        guard PolicyCatalog.entry(variant.policy) != nil else {
            throw ValidationError("\(PolicyError.unknown(name, known: PolicyCatalog.names))")
        }
        guard let suffix = variant.misplacedSuffix else { return }
        throw ValidationError(
            "--policy \(name): \(variant.policy) has no such part. \(suffix) is for the policy tideway: leave it out.")
    }

    private func write(_ report: BacktestReport, variant: String) throws {
        if let json { try ReportFile.write(JSONReport(report).render(), to: json) }
        if let html { try ReportFile.write(HTMLReport(report).render(), to: html) }
        if let decisions {
            try ReportFile.write(
                DecisionsCSV(report, workload: WorkloadID("workload"), variant: VariantID(variant)).render(),
                to: decisions)
        }
        let text = TextReport(
            report, columns: Terminal.output.columns ?? BacktestCommand.columns, isColoured: Terminal.output.isShown)
        print(text.render(), terminator: "")
        for path in [json, html, decisions].compactMap({ $0 }) { print("written: \(path)") }
        if traces.trace.isEmpty {
            print("Next, your own traffic: tideway backtest --trace FILE (tideway trace sources lists public traces)")
        }
    }
}
