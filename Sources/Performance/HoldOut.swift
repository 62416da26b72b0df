/// A way to keep part of a closed loop's measurements out of a fit, and to see how far off the fit is there.
package enum HoldOut: String, Hashable, Sendable, CaseIterable {
    /// A quarter of the settings at random, four times.
    case random
    /// Each concurrency between the smallest and the largest.
    case innerConcurrency = "inner-concurrency"
    /// The largest concurrency.
    case topConcurrency = "top-concurrency"
    /// Each pair of prompt and output lengths.
    case shape

    /// Fewer settings cannot be fitted.
    static let settingsMin = 4
    private static let randomFolds = 4

    /// What is kept out, one set of settings after the other; none where too little would be left.
    package func folds(
        _ settings: [ClosedLoopSetting], using generator: inout some RandomNumberGenerator
    ) -> [[ClosedLoopSetting]] {
        let folds: [[ClosedLoopSetting]]
        switch self {
        case .random:
            let shuffled = settings.shuffled(using: &generator)
            folds = (0..<Self.randomFolds).map { fold in
                stride(from: fold, to: shuffled.count, by: Self.randomFolds).map { shuffled[$0] }
            }
        case .innerConcurrency:
            folds = Set(settings.map(\.concurrency)).sorted().dropFirst().dropLast().map { concurrency in
                settings.filter { $0.concurrency == concurrency }
            }
        case .topConcurrency:
            let top = settings.map(\.concurrency).max()
            folds = [settings.filter { $0.concurrency == top }]
        case .shape:
            let shapes = Set(settings.map(\.shape)).sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
            folds = shapes.map { shape in settings.filter { $0.shape == shape } }
        }
        return folds.filter { !$0.isEmpty && settings.count - $0.count >= Self.settingsMin }
    }
}

/// One load of a closed loop: requests of one kind, so many of them in flight.
package struct ClosedLoopSetting: Hashable, Sendable {
    package var promptTokens: Double
    package var outputTokens: Double
    package var concurrency: Double

    package init(promptTokens: Double, outputTokens: Double, concurrency: Double) {
        self.promptTokens = promptTokens
        self.outputTokens = outputTokens
        self.concurrency = concurrency
    }

    var shape: [Double] { [promptTokens, outputTokens] }
}

extension FitMeasurement {
    /// Of a closed loop's time; nil for others.
    package var setting: ClosedLoopSetting? {
        switch self {
        case .firstToken(let prompt, let output, let concurrency, _),
            .interToken(let prompt, let output, let concurrency, _):
            ClosedLoopSetting(promptTokens: prompt, outputTokens: output, concurrency: concurrency)
        case .wholeBatch, .prefill, .iteration, .step: nil
        }
    }

    /// The different settings, in order of first appearance.
    package static func settings(_ measurements: [FitMeasurement]) -> [ClosedLoopSetting] {
        var seen: Set<ClosedLoopSetting> = []
        return measurements.compactMap(\.setting).filter { seen.insert($0).inserted }
    }
}

/// How far a fit is from a measurement that it was not fitted to.
package struct HeldOutError: Hashable, Sendable {
    package var setting: ClosedLoopSetting
    package var part: FitMeasurement.Part
    /// `|modelled / measured - 1|`.
    package var error: Double
}

extension ProfileFit {
    /// Fits once for each fold, without it, and compares with what was kept out.
    ///
    /// - Parameters:
    ///   - holdOut: what is kept out.
    ///   - measurements: of a closed loop, repeats merged (else they leak); others take part in every fit.
    ///   - options: of the fits.
    ///   - generator: shuffles for `random`.
    /// - Returns: An error for each measurement kept out.
    package static func heldOutErrors(
        _ holdOut: HoldOut, _ measurements: [FitMeasurement], options: Options,
        using generator: inout some RandomNumberGenerator
    ) -> [HeldOutError] {
        var errors: [HeldOutError] = []
        for fold in holdOut.folds(FitMeasurement.settings(measurements), using: &generator) {
            let kept = Set(fold)
            let isHeld: (FitMeasurement) -> Bool = { $0.setting.map(kept.contains) ?? false }
            let held = measurements.filter(isHeld)
            let fit = ProfileFit(measurements.filter { !isHeld($0) }, options: options)
            for (measurement, error) in zip(held, fit.errors(held)) {
                guard let setting = measurement.setting else { continue }
                errors.append(HeldOutError(setting: setting, part: measurement.part, error: error))
            }
        }
        return errors
    }

    /// Settings with which it can be told whether a term pays.
    package static let comparedSettingsMin = 8
    /// Share of the error that c6 must take away to be worth a coefficient.
    private static let worthwhileShare = 0.1

    /// Whether c6 makes the times between tokens that are kept out a tenth nearer (median, `random` hold-out); false where
    /// there are too few settings to tell.
    package static func isSquareRootWorthwhile(
        _ measurements: [FitMeasurement], options: Options, using generator: inout some RandomNumberGenerator
    ) -> Bool {
        guard FitMeasurement.settings(measurements).count >= comparedSettingsMin else { return false }
        var (without, with) = (options, options)
        (without.hasSquareRoot, with.hasSquareRoot) = (false, true)
        func median(_ options: Options, _ generator: inout some RandomNumberGenerator) -> Double? {
            let errors = heldOutErrors(.random, measurements, options: options, using: &generator)
            return FitErrors(errors.filter { $0.part == .decode }.map(\.error))?.median
        }
        // The same folds for both.
        var again = generator
        guard let plain = median(without, &generator), let rooted = median(with, &again) else { return false }
        return rooted < (1 - worthwhileShare) * plain
    }
}
