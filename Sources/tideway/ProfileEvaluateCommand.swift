internal import ArgumentParser
internal import Foundation
internal import Performance
internal import Profiles
internal import Sampling

/// `tideway profile evaluate`: how well the model foretells what it was not fitted to, setup by setup.
struct ProfileEvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Say how well the model foretells measured times that it was not fitted to.",
        discussion: """
            Takes the tables of closed loops that `tideway profile fit` takes, fits each setup (model, accelerators, engine, \
            precision, split) again and again without a part of its rows, and compares with that part.

            Example: tideway profile evaluate bench.csv
            """)

    @Argument(help: "A table of times measured in a closed loop.", completion: .file())
    var file: String

    @OptionGroup(title: "Which rows")
    var selection: EvaluationSelectionOptions

    @OptionGroup(title: "The fit")
    var method: FitMethodOptions

    @Option(help: "Leave out setups with fewer combinations of lengths and concurrency.")
    var settingsMin = ProfileFit.comparedSettingsMin

    @Flag(help: "Also simulate each closed loop, ten requests for each in flight, and compare (fitted to all rows).")
    var closedLoop = false

    @Option(help: "Write every error to this file, as JSON.", completion: .file())
    var json: String?

    func validate() throws {
        guard settingsMin >= 1 else { throw ValidationError("--settings-min is at least 1") }
    }

    func run() throws {
        let groups = try BenchmarkTable.groups(path: file, filter: selection.filter).map { group in
            var closed = group
            closed.measurements = group.measurements.filter { $0.setting != nil }
            return closed
        }.filter { FitMeasurement.settings($0.measurements).count >= settingsMin }
        guard !groups.isEmpty else {
            throw CommandError(
                "\(file): no setup has \(settingsMin) combinations of lengths and concurrency, measured in a closed loop; "
                    + "lower --settings-min")
        }
        let evaluations = groups.map { SetupEvaluation($0, method: method, simulatesLoops: closedLoop) }
        EvaluationText.lines(evaluations).forEach { print($0) }
        guard let json else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        do {
            try encoder.encode(EvaluationDocument(setups: evaluations.map(\.document)))
                .write(to: URL(fileURLWithPath: json), options: .atomic)
        } catch {
            throw CommandError("\(json): cannot be written: \(error.localizedDescription)")
        }
    }
}

/// Which rows are evaluated.
struct EvaluationSelectionOptions: ParsableArguments {
    @Option(help: "The model as the table names it, or a part of its name; may be repeated.")
    var model: [String] = []
    @Option(help: "The accelerator as the table names it, or a part of its name; may be repeated.")
    var hardware: [String] = []
    @Option(help: "The engine, such as vllm; may be repeated.")
    var framework: [String] = []
    @Option(help: "The precision, such as fp8; may be repeated.")
    var precision: [String] = []
    @Option(help: "Leave out rows with more requests at once.")
    var concurrencyMax = 256.0
    @Option(help: "Leave out rows with a longer time to first token, in seconds (default: none).")
    var ttftMax: Double?

    var filter: BenchmarkFilter {
        var filter = BenchmarkFilter()
        (filter.models, filter.hardware) = (model, hardware)
        (filter.frameworks, filter.precisions) = (framework, precision)
        (filter.concurrencyMax, filter.ttftMax) = (concurrencyMax, ttftMax ?? .infinity)
        return filter
    }
}

/// One setup's fits and their errors.
struct SetupEvaluation {
    let setup: BenchmarkRow.Setup
    let settings: Int
    let fit: ProfileFit
    let hasSquareRoot: Bool
    let heldOut: [(holdOut: HoldOut, errors: [HeldOutError])]
    let loops: [SimulatedLoop]

    init(_ group: BenchmarkTable.Group, method: FitMethodOptions, simulatesLoops: Bool) {
        let options = method.options(for: group.measurements)
        setup = group.setup
        settings = FitMeasurement.settings(group.measurements).count
        hasSquareRoot = options.hasSquareRoot
        fit = ProfileFit(group.measurements, options: options)
        var generator = SeededGenerator(seed: FitMethodOptions.seed)
        heldOut = HoldOut.allCases.map {
            ($0, ProfileFit.heldOutErrors($0, group.measurements, options: options, using: &generator))
        }
        loops = simulatesLoops ? SimulatedLoop.all(fit, group.measurements) : []
    }
}

/// A closed loop, measured and simulated.
struct SimulatedLoop {
    /// Requests of a simulated loop for each in flight.
    static let requestsPerConcurrency = 10

    var setting: ClosedLoopSetting
    /// Nil where it was not measured.
    var measuredTTFT: Double?
    var measuredITL: Double?
    var simulated: ClosedLoop.Result

    /// One for each setting; none where the fit gives no profile.
    static func all(_ fit: ProfileFit, _ measurements: [FitMeasurement]) -> [SimulatedLoop] {
        guard fit[.c0] > 0 else { return [] }
        return FitMeasurement.settings(measurements).map { setting in
            let own = measurements.filter { $0.setting == setting }
            let loop = ClosedLoop(setting, requests: Int(setting.concurrency) * requestsPerConcurrency)
            return SimulatedLoop(
                setting: setting, measuredTTFT: own.first { $0.part == .prefill }?.seconds,
                measuredITL: own.first { $0.part == .decode }?.seconds,
                simulated: loop.run(on: fit.loopProfile(concurrency: Int(setting.concurrency))))
        }
    }
}
