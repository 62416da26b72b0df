internal import ArgumentParser
internal import Fleet
internal import Foundation
internal import Performance
internal import Profiles
internal import Sampling

/// `tideway profile fit`: from measured times to a profile.
struct ProfileFitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit", abstract: "Fit a profile to measured times and say how well it fits.",
        discussion: """
            Reads your own benchmark (columns prompt_tokens, output_tokens, concurrency, ttft_ms or ttft_seconds, itl_ms or \
            itl_seconds) and the published tables of LLM-Inference-Bench, splitwise-sim and aiconfigurator, plain or gzip.

            Example: tideway profile fit bench.csv --accelerators 1 --name mine --kv-tokens 400000 --price 2.5 --out mine.json
            """)

    @Argument(help: "Tables of measured times.", completion: .file())
    var files: [String] = []

    @Option(help: "A table of which only prefill times are taken.", completion: .file())
    var prefillFrom: [String] = []

    @Option(help: "A table of which only decode times are taken.", completion: .file())
    var decodeFrom: [String] = []

    @OptionGroup(title: "Which rows")
    var selection: FitSelectionOptions

    @OptionGroup(title: "The fit")
    var method: FitMethodOptions

    @OptionGroup(title: "The profile")
    var output: FitOutputOptions

    func validate() throws {
        guard !files.isEmpty || !decodeFrom.isEmpty else {
            throw ValidationError("name a table of measured times, for example: tideway profile fit bench.csv")
        }
    }

    func run() throws {
        let (measurements, setups) = try read()
        guard measurements.contains(where: { $0.part == .decode }) else {
            throw CommandError(
                "the tables hold no time between tokens; add a column itl_ms, or a table by --decode-from")
        }
        let options = method.options(for: measurements)
        let fit = ProfileFit(measurements, options: options)
        FitText.report(fit).forEach { print($0) }
        HeldOutText.lines(measurements, options: options).forEach { print($0) }
        try output.write(fit, setups: setups, accelerators: selection.accelerators)
    }

    /// All measurements of all tables, and the setups that they come from.
    private func read() throws -> (measurements: [FitMeasurement], setups: [BenchmarkRow.Setup]) {
        var measurements: [FitMeasurement] = []
        var setups: [BenchmarkRow.Setup] = []
        let sources: [([String], FitMeasurement.Part?)] = [
            (files, nil), (decodeFrom, .decode), (prefillFrom, .prefill),
        ]
        for (paths, part) in sources {
            for path in paths {
                var filter = selection.filter
                // A prefill holds no more than its prompts, often of another machine than the one that is limited.
                if part == .prefill { filter.tokensInFlightMax = nil }
                let taken = try BenchmarkTable.measurements(path: path, filter: filter)
                let wanted = taken.measurements.filter { part == nil || $0.part == part }
                measurements += wanted
                setups += taken.setups
                print("\(path): \(wanted.count) times of \(taken.setups.map(\.description).joined(separator: "; "))")
                if taken.leftOut > 0 { print("  \(taken.leftOut) rows beyond the limits left out") }
            }
        }
        return (measurements, setups)
    }
}

/// Which rows of the tables are used.
struct FitSelectionOptions: ParsableArguments {
    @Option(help: "The model as the table names it, or a part of its name; twice to pool two.")
    var model: [String] = []
    @Option(help: "The accelerator as the table names it, or a part of its name.")
    var hardware: [String] = []
    @Option(name: [.long, .customLong("tensor-parallel")], help: "Accelerators of one replica.")
    var accelerators: Int?
    @Option(help: "The engine, such as vllm.")
    var framework: [String] = []
    @Option(help: "The precision, such as fp8.")
    var precision: [String] = []
    @Option(help: "How the model is split, where a table tells more than the accelerators.")
    var parallelism: [String] = []
    @Option(help: "Leave out rows with more requests at once.")
    var concurrencyMax = 256.0
    @Option(help: "Leave out rows with a longer time to first token, in seconds: they queued.")
    var ttftMax = 10.0
    @Option(
        help:
            "Leave out rows that hold more tokens at once, because the measured machine's memory was full; not for --prefill-from."
    )
    var tokensMax: Double?

    var filter: BenchmarkFilter {
        var filter = BenchmarkFilter()
        (filter.models, filter.hardware, filter.accelerators) = (model, hardware, accelerators)
        (filter.frameworks, filter.precisions, filter.parallelisms) = (framework, precision, parallelism)
        (filter.concurrencyMax, filter.ttftMax, filter.tokensInFlightMax) = (concurrencyMax, ttftMax, tokensMax)
        return filter
    }
}

/// How the fit is made.
struct FitMethodOptions: ParsableArguments {
    @Option(help: "A coefficient that you know, such as c4=8ms; it is not fitted.")
    var known: [KnownCoefficient] = []
    @Option(help: "Relative error from which a time counts as an outlier; 0 for plain least squares.")
    var outlierScale = 0.1
    @Option(
        help: """
            Whether a step also takes c6 seconds per square root of the batch, as in mixtures of experts: on, off, or auto \
            (where a closed loop's times between tokens that are kept out of the fit come out a tenth nearer).
            """)
    var c6 = TermChoice.auto
    @Option(
        help: """
            Which errors are made small: relative, or logarithmic, which weighs twice and half as long alike (default: \
            logarithmic for closed loops, relative for others).
            """)
    var errors: FitErrorKind?

    /// Always the same folds.
    static let seed: UInt64 = 1

    /// What suits the measurements, where nothing else was asked for.
    func options(for measurements: [FitMeasurement]) -> ProfileFit.Options {
        var values: [FitCoefficient: Double] = [:]
        for known in known { values[known.coefficient] = known.seconds }
        let isClosedLoop = measurements.allSatisfy { $0.setting != nil }
        var options = ProfileFit.Options(
            known: values, outlierScale: outlierScale > 0 ? outlierScale : nil, hasSquareRoot: c6 == .on,
            errors: errors ?? (isClosedLoop ? .logarithmic : .relative))
        guard c6 == .auto else { return options }
        var generator = SeededGenerator(seed: Self.seed)
        options.hasSquareRoot =
            values[.c6] == nil
            && ProfileFit.isSquareRootWorthwhile(measurements, options: options, using: &generator)
        return options
    }

    func validate() throws {
        guard outlierScale >= 0 else { throw ValidationError("--outlier-scale is 0 or more, such as 0.1") }
    }
}

/// Whether a term of the model is fitted.
enum TermChoice: String, ExpressibleByArgument, CaseIterable {
    case on, off, auto
}

extension FitErrorKind: ExpressibleByArgument {}
