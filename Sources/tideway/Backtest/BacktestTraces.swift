internal import ArgumentParser
internal import Foundation
internal import Sampling
internal import TraceFiles
internal import Traces

/// The traces of a backtest and what is done to them first.
struct BacktestTraces: ParsableArguments {
    @Option(help: "A trace file, gzip or plain; may be repeated, a block each (default: a generated day).")
    var trace: [String] = []

    @OptionGroup(title: "Reading traces")
    var input: TraceInputOptions

    @Option(help: "Superpose this many copies, each shifted by up to 30 s and with rows from nearby.")
    var copies = 1

    @Option(help: "Divide arrival times by this.")
    var speed = 1.0

    @Option(help: "Prepend Poisson arrivals like those of the first 300 s, served but not measured.")
    var warmUp = DurationOption(seconds: 0)

    @Option(help: "Bill and measure from this time on.")
    var measureFrom = DurationOption(seconds: 0)

    func validate() throws {
        guard copies >= 1 else { throw ValidationError("--copies \(copies) must be at least 1.") }
        guard speed > 0, speed.isFinite else { throw ValidationError("--speed \(speed) must be above zero.") }
        guard warmUp.seconds >= 0 else { throw ValidationError("--warm-up \(warmUp) cannot be negative.") }
    }

    /// Reads and transforms the traces.
    ///
    /// - Returns: the traces, and sentences that a reader of the results must know.
    func load(seed: UInt64) throws -> (traces: [Trace], notes: [String]) {
        var notes: [String] = []
        var traces: [Trace] = []
        if trace.isEmpty {
            traces = [Trace.generatedDay(seed: seed)]
            notes.append("No --trace given: this is a generated day, not real traffic.")
        }
        let lengths = try input.lengths()
        for path in trace {
            let loaded = try TraceFiles.load(path, options: input.readingOptions(seed: seed, lengths: lengths))
            notes += loaded.notes.map { "\(loaded.trace.name): \($0)" }
            guard !loaded.trace.isEmpty else { throw ValidationError("\(path): there are no requests in it.") }
            traces.append(loaded.trace)
        }
        return (try traces.map { try prepare($0, seed: seed) }, notes)
    }

    private func prepare(_ trace: Trace, seed: UInt64) throws -> Trace {
        var generator = SeededGenerator(seed: seed, stream: 3)
        var prepared = trace
        if copies > 1 { prepared = prepared.superposed(copies: copies, using: &generator) }
        if speed != 1 { prepared = prepared.spedUp(by: speed) }
        if warmUp.seconds > 0 { prepared = prepared.withWarmUp(seconds: warmUp.seconds, using: &generator) }
        guard prepared.lastArrival > measureFrom.seconds else {
            throw ValidationError(
                "--measure-from \(measureFrom) lies after the last request of \(trace.name), which arrives at "
                    + "\(DurationOption(seconds: prepared.lastArrival.rounded())).")
        }
        prepared.name = trace.name
        return prepared
    }
}
