internal import Foundation
internal import Performance
internal import Sampling

/// How far a fit is from closed-loop times that it was not fitted to, in lines for people.
enum HeldOutText {
    /// Empty where there are too few settings to keep any out.
    static func lines(_ measurements: [FitMeasurement], options: ProfileFit.Options) -> [String] {
        guard FitMeasurement.settings(measurements).count >= ProfileFit.comparedSettingsMin else { return [] }
        var generator = SeededGenerator(seed: FitMethodOptions.seed)
        let rows = HoldOut.allCases.compactMap { holdOut in
            row(holdOut, ProfileFit.heldOutErrors(holdOut, measurements, options: options, using: &generator))
        }
        return rows.isEmpty ? [] : ["", header] + rows
    }

    static let header = column("kept out") + " points   time between tokens     time to first token"

    static func row(_ holdOut: HoldOut, _ errors: [HeldOutError]) -> String? {
        let decode = FitErrors(errors.filter { $0.part == .decode }.map(\.error))
        let prefill = FitErrors(errors.filter { $0.part == .prefill }.map(\.error))
        guard let count = decode?.count ?? prefill?.count else { return nil }
        return column(name(holdOut)) + String(format: "%7d   ", count) + figures(decode) + "   " + figures(prefill)
    }

    private static func figures(_ errors: FitErrors?) -> String {
        guard let errors else { return String(repeating: " ", count: 20) + "-" }
        return String(format: "%5.1f %%, p90 %5.1f %%", errors.median * 100, errors.p90 * 100)
    }

    private static func column(_ text: String) -> String { text.padding(toLength: 24, withPad: " ", startingAt: 0) }

    private static func name(_ holdOut: HoldOut) -> String {
        switch holdOut {
        case .random: "a quarter, at random"
        case .innerConcurrency: "an inner concurrency"
        case .topConcurrency: "the top concurrency"
        case .shape: "a prompt/output shape"
        }
    }
}
