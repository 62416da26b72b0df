internal import ArgumentParser
internal import Configuration
internal import Fleet
internal import Foundation
internal import Load
internal import Performance
internal import Profiles
internal import Traces

/// `tideway demo`: the whole loop on this machine.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run everything on this machine for two minutes: gateway, controller, load, emulated accelerators.",
        discussion: """
            Two workloads in counter-phase send real requests through the gateway to emulated model servers that take 5 s \
            to start. The table at the end compares with the smallest constant fleets and with a clairvoyant. Everything \
            is stopped at the end. docs/load.md explains the table and the JSON document.
            """)

    @Option(help: ArgumentHelp("Take request sizes from this trace (default: they are generated).", valueName: "file"))
    var trace: String?

    @OptionGroup(title: "Reading the trace")
    var input: TraceInputOptions

    @Option(help: "Length of the measured traffic; one wave takes as long.")
    var duration = DurationOption(seconds: 120)

    @Option(help: "Profile of the emulated accelerators.")
    var profile = ProfileCatalogue.defaultName

    @Option(help: "The policy that decides (tideway backtest --help lists them).")
    var policy = "tideway"

    @Option(help: "Who is served next: fcfs, or slo: those who can still be in time first.")
    var dispatch = RoutingSettings.Order.slo

    @Option(help: "Seed of the requests.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Write the results as JSON.", valueName: "file"))
    var json: String?

    func validate() throws {
        try duration.validate("--duration", atLeast: 1, atMost: 3600)
        if let json, let trace { try DistinctFiles.require(inputs: [trace], outputs: [json]) }
    }

    func run() async throws {
        if let json { try ReportFile.makeFolder(for: json) }
        let plan = try plan()
        let traffic = DemoTraffic(plan: plan, sizes: try sizes())
        let traces = traffic.traces()
        FileDescriptors.raiseLimit()
        print("\(Self.opening(plan)) \(traffic.origin).")
        let stack = try DemoStack(plan, traces: traces)
        do {
            let report = try await measure(plan, traffic, traces, on: stack)
            await stack.stop()
            try show(report)
        } catch {
            await stack.stop(keepsFolder: true)
            throw error
        }
    }

    private func plan() throws -> DemoPlan {
        var plan = DemoPlan(profile: try ProfileCatalogue.load(profile))
        plan.seconds = duration.seconds
        plan.periodSeconds = duration.seconds
        plan.policy = policy
        plan.order = dispatch
        plan.seed = seed
        return plan
    }

    private func sizes() throws -> DemoTraffic.Sizes {
        guard let trace else { return .generated }
        let loaded = try input.loadTrace(trace, seed: seed, assumed: BacktestTraces.assumedLengths)
        guard !loaded.trace.isEmpty else { throw CommandError("\(trace): there are no requests in it.") }
        return .rows(loaded.trace)
    }

    private static func opening(_ plan: DemoPlan) -> String {
        "Starting gateway, controller and emulated accelerators (\(plan.profile.name); none of them exists) for "
            + "\(plan.workloads.map(\.id).joined(separator: " and ")): \(fixed(plan.leadInSeconds, 0)) s of lead-in, then "
            + "\(fixed(plan.seconds, 0)) s;"
    }

    /// The references are simulated while the first replicas start, so that they take nothing from the measurement.
    private func measure(
        _ plan: DemoPlan, _ traffic: DemoTraffic, _ traces: [Trace], on stack: DemoStack
    ) async throws -> DemoReport {
        let simulation = Task { try traces.map { try DemoReferences($0, plan: plan) } }
        // Cancelled by nobody: it ends by itself within seconds.
        try await stack.waitUntilReady(plan.bounds.min)
        let references = try await simulation.value
        let isTerminal = Terminal.error.isShown
        let view = DemoView(isTerminal: isTerminal) { FileHandle.standardError.write(Data($0.utf8)) }
        let watch = DemoWatch(ids: plan.workloads.map(\.id), adminSocket: stack.adminSocket, view: view)
        let load = try await send(plan, traces, to: stack.url, watch)
        if watch.unansweredPolls > 0 {
            printNote("warning: the controller did not answer \(watch.unansweredPolls) times; its last word was taken.")
        }
        return DemoReport(
            plan, traffic: traffic, traces: traces, references: references, records: watch.records, load: load)
    }

    private func send(
        _ plan: DemoPlan, _ traces: [Trace], to url: String, _ watch: DemoWatch
    ) async throws -> LoadReport {
        let workloads = zip(plan.workloads, traces).map {
            LoadWorkload(model: $0.id, trace: $1, objective: plan.objective)
        }
        let run = LoadRun(LoadPlan(target: try LoadTarget(url: url), workloads: workloads))
        let interrupts = InterruptSignals { run.stop() }
        defer { interrupts.stop() }
        let watching = Task { await watch.run() }
        // Cancelled when the load ends, however it does.
        defer { watching.cancel() }
        let report = try await run.run { watch.note($0) }
        guard !report.wasStopped else { throw CommandError("The demonstration was stopped before its end.") }
        return report
    }

    private func show(_ report: DemoReport) throws {
        for line in DemoText(report).lines { print(line) }
        for line in LoadText(report.load).warnings { printNote("warning: \(line)") }
        if let json {
            try ReportFile.write(try report.json(), to: json)
            print("written: \(json)")
        }
    }
}

extension RoutingSettings.Order: ExpressibleByArgument {}
