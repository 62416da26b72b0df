internal import ArgumentParser
internal import Sampling
internal import Traces

/// Which requests `tideway load` sends to which model.
struct LoadTraces: ParsableArguments {
    @Option(help: ArgumentHelp("A trace file, gzip or plain; may be repeated.", valueName: "file"))
    var trace: [String] = []

    @Option(
        help: ArgumentHelp(
            "Model that is asked for: one for all traces, or one for each (default: the trace's workload column).",
            valueName: "name"))
    var model: [String] = []

    @OptionGroup(title: "Reading traces")
    var input: TraceInputOptions

    @Option(help: "Leave out what comes before this time of the trace.")
    var from: DurationOption?

    @Option(help: "Send no more than this length of the trace.")
    var duration: DurationOption?

    @Option(help: "Superpose this many copies, each shifted by up to 30 s and with rows from nearby.")
    var copies = 1

    @Option(help: "Divide arrival times by this.")
    var speed = 1.0

    @Option(help: "Seed of everything that is drawn.")
    var seed: UInt64 = 1

    func validate() throws {
        guard !trace.isEmpty else {
            throw ValidationError("Give --trace FILE; make one with: tideway trace make --out trace.csv --duration 5m")
        }
        guard model.count < 2 || model.count == trace.count else {
            throw ValidationError(
                "\(model.count) of --model and \(trace.count) of --trace: give one model for all traces, or one for each."
            )
        }
        if let twice = model.first(where: { name in model.count { $0 == name } > 1 }) {
            throw ValidationError("--model \(twice) is given twice: give it once for all its traces.")
        }
        guard (1...1000).contains(copies) else {
            throw ValidationError("--copies \(copies) must be at least 1 and at most 1000.")
        }
        guard (1e-6...1e6).contains(speed) else {
            throw ValidationError("--speed \(speed) must be above zero, between a millionth and a million.")
        }
        try duration?.validate("--duration", atLeast: 0.001)
    }

    /// Reads the traces.
    ///
    /// - Returns: the requests of each model, in the order of the models; none is empty.
    /// - Throws: `TraceError` or `CommandError`, for people.
    func load() throws -> [(model: String, trace: Trace)] {
        var generator = SeededGenerator(seed: seed, stream: 3)
        let traces = try trace.map { try prepared($0, using: &generator) }
        if model.count == trace.count { return Array(zip(model, traces)).map { (model: $0.0, trace: $0.1) } }
        let all = traces.count == 1 ? traces[0] : Trace.merged(traces, name: "all")
        if let only = model.first { return [(only, all)] }
        guard all.hasWorkloads else {
            throw CommandError("\(trace[0]): it does not tell which model is asked for: give --model NAME.")
        }
        return all.byWorkload
    }

    private func prepared(_ path: String, using generator: inout SeededGenerator) throws -> Trace {
        let loaded = try input.loadTrace(path, seed: seed, assumed: BacktestTraces.assumedLengths)
        for note in loaded.notes { printNote("note: \(loaded.trace.name): \(note)") }
        var trace = loaded.trace
        if from != nil || duration != nil {
            let start = from?.seconds ?? 0
            trace = trace.window(start..<start + (duration?.seconds ?? .infinity), rezeroed: true)
        }
        guard !trace.isEmpty else {
            throw CommandError("\(path): there are no requests in it, or none in that window (tideway trace inspect).")
        }
        return copies > 1 ? trace.superposed(copies: copies, using: &generator) : trace
    }
}

extension Trace {
    /// The requests of each workload that has any, in the order of the workloads.
    var byWorkload: [(model: String, trace: Trace)] {
        var builders = workloadNames.map { _ in TraceBuilder() }
        for index in 0..<count {
            if let workload = workload(index) { builders[Int(workload)].append(request(index)) }
        }
        return zip(workloadNames, builders).filter { $0.1.count > 0 }.map { ($0, $1.finish(name: $0)) }
    }
}
