internal import ArgumentParser
internal import Backtest
internal import Fleet
internal import Foundation
internal import Performance
internal import Policies
internal import Reports
internal import Routing
internal import Simulation

/// `tideway backtest`: what each scaling policy would have cost on given traffic, and whom it would have failed.
struct BacktestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Replay traffic under each scaling policy: what it would have cost, and whom it would have failed.",
        discussion: "Policies: \(PolicyCatalog.names.joined(separator: ", ")).")

    static let defaultPolicies = [
        "static", "forecast", "hpa", "keda-queue+conc", "knative-kpa", "ray-serve", "tideway",
    ]

    @OptionGroup(title: "Traces")
    var traces: BacktestTraces

    @OptionGroup(title: "Plant")
    var plant: PlantOptions

    @Option(help: "Policies, separated by commas, or all.")
    var policy: String?

    @Option(help: "Simulate this schedule too (CSV: time_s,desired); without --policy, nothing else runs.")
    var schedule: String?

    @Option(help: "Seed of start-up times and of all that is drawn.")
    var seed: UInt64 = 1

    @Option(help: "Run with this many seeds, 1 and up, and report means and standard deviations.")
    var seeds: Int?

    @Flag(help: "Also search each policy's main knob, so that it just reaches the attainment target.")
    var tune = false

    @Option(help: "Simulations at a time (default: all cores).")
    var jobs: Int?

    @Option(help: "Write the results to this file as JSON.")
    var json: String?

    @Option(help: "Write a report with charts to this file.")
    var html: String?

    @Option(help: "Write replica counts over time to this file as CSV.")
    var decisions: String?

    func validate() throws {
        if let seeds, seeds < 1 { throw ValidationError("--seeds \(seeds) must be at least 1.") }
        if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs) must be at least 1.") }
        _ = try chosenPolicies()
    }

    func run() async throws {
        for path in [json, html, decisions].compactMap({ $0 }) { try ReportFile.makeFolder(for: path) }
        let profile = try plant.loadProfile()
        let options = try plant.simulationOptions(profile: profile, measureFrom: traces.measureFrom.seconds)
        let schedule = try schedule.map { try ScheduleFile(path: $0) }
        let (traceSet, notes) = try traces.load(seed: seed, isService: plant.serviceTime != nil)
        let progress = ProgressBar(label: "simulating")
        let campaign = BacktestCampaign(
            policies: try chosenPolicies(), schedule: schedule, seeds: seedList, isTuned: tune,
            keepsDetail: html != nil || decisions != nil, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
            overrides: plant.overrides, progress: progress)
        let studies = try await campaign.studies(traceSet, profile: profile, options: options)
        let runs = try await campaign.runs(studies)
        progress.finish()
        var report = BacktestReport(
            plant: plantDescription(profile), references: studies.map(\.references), runs: runs,
            attainmentTarget: plant.attainment)
        report.notes = notes + studies.flatMap(\.notes)
        try write(report, variant: profile.name)
    }

    private var seedList: [UInt64] { seeds.map { (1...$0).map(UInt64.init) } ?? [seed] }

    private func chosenPolicies() throws -> [String] {
        guard let policy else { return schedule == nil ? BacktestCommand.defaultPolicies : [] }
        if policy == "all" { return PolicyCatalog.names }
        let names = policy.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        if names.isEmpty {
            throw ValidationError(
                "--policy \"\(policy)\" names no policy: give some of \(PolicyCatalog.names.joined(separator: ", ")), or all."
            )
        }
        for name in names where PolicyCatalog.entry(name) == nil {
            throw ValidationError("\(PolicyError.unknown(name, known: PolicyCatalog.names))")
        }
        return names
    }

    private func plantDescription(_ profile: PerformanceProfile) -> [(name: String, value: String)] {
        var settings = [
            ("profile", profile.name), ("accelerators_per_replica", "\(profile.accelerators)"),
            ("price_per_accelerator_hour", "\(profile.price.perAcceleratorHour)"),
            ("attainment_target", "\(plant.attainment)"), ("start_up_seconds", "\(plant.startUp.seconds)"),
            ("start_up_spread", "\(plant.startUpSpread)"), ("binding", plant.binding.rawValue),
            ("dispatch", plant.dispatch.rawValue), ("copies", "\(traces.copies)"), ("speed", "\(traces.speed)"),
            ("warm_up_seconds", "\(traces.warmUp.seconds)"), ("measure_from_seconds", "\(traces.measureFrom.seconds)"),
        ]
        switch plant.objective.limits {
        case .tokens(let ttft, let itl):
            settings += [("slo_ttft_seconds", "\(ttft.seconds)"), ("slo_itl_seconds", "\(itl.seconds)")]
        case .latency(let limit): settings += [("slo_latency_seconds", "\(limit.seconds)")]
        }
        return settings.map { (name: $0.0, value: $0.1) }
    }

    private func write(_ report: BacktestReport, variant: String) throws {
        if let json { try ReportFile.write(JSONReport(report).render(), to: json) }
        if let html { try ReportFile.write(HTMLReport(report).render(), to: html) }
        if let decisions {
            try ReportFile.write(
                DecisionsCSV(report, workload: WorkloadID("workload"), variant: VariantID(variant)).render(),
                to: decisions)
        }
        let isTerminal = isatty(STDOUT_FILENO) == 1
        print(TextReport(report, isColoured: isTerminal).render(), terminator: "")
        for path in [json, html, decisions].compactMap({ $0 }) { print("written: \(path)") }
        if traces.trace.isEmpty {
            print("Next, your own traffic: tideway backtest --trace FILE (tideway trace sources lists public traces)")
        }
    }
}

/// Writes a whole file or tells why not.
enum ReportFile {
    /// Makes the file's folder where it is missing: called before long work, so that a wrong path is told at once.
    static func makeFolder(for path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        try explained(path) {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
    }

    static func write(_ text: String, to path: String) throws {
        try makeFolder(for: path)
        try explained(path) { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) }
    }

    private static func explained(_ path: String, _ work: () throws -> Void) throws {
        do {
            try work()
        } catch {
            throw CommandError(
                "\(path): cannot be written: \(error.localizedDescription) Name a file in a folder that can be written."
            )
        }
    }
}
