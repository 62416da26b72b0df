internal import Foundation
internal import Performance

/// What a fit says of itself.
enum FitText {
    static func report(_ fit: ProfileFit) -> [String] {
        ["", "coefficients"] + coefficients(fit) + ["", errorHeader]
            + [("decode", fit.decodeErrors), ("prefill", fit.prefillErrors)].compactMap(errors)
            + fit.warnings.map { "warning: \(text($0))" }
    }

    /// The error in words, for a profile's origin.
    static func summary(_ fit: ProfileFit) -> String {
        [("decode", fit.decodeErrors), ("prefill", fit.prefillErrors)].compactMap { part, errors in
            errors.map {
                String(
                    format: "%@: %d points, error median %.1f %%, p90 %.1f %%", part, $0.count, $0.median * 100,
                    $0.p90 * 100)
            }
        }.joined(separator: "; ")
    }

    private static func coefficients(_ fit: ProfileFit) -> [String] {
        var lines = [
            line(fit, .c0, "ms", 1e3, "per decode step"), line(fit, .c1, "us", 1e6, "per step and sequence"),
            line(fit, .c2, "ns", 1e9, "per step and token of context"), line(fit, .c3, "us", 1e6, "per prompt token"),
            line(fit, .c4, "ms", 1e3, "per prompt"),
        ]
        if fit[.c6] > 0 {
            lines.append(line(fit, .c6, "us", 1e6, "per step and square root of the sequences"))
        }
        if fit[.overhead] > 0 || fit.interference > 0 {
            lines.append(
                String(
                    format:
                        "  besides, not in the profile: %.1f ms before every first token; each prompt waits for %.3g of the others",
                    fit[.overhead] * 1e3, fit.interference))
        }
        return lines
    }

    private static func line(
        _ fit: ProfileFit, _ coefficient: FitCoefficient, _ unit: String, _ scale: Double, _ meaning: String
    ) -> String {
        let deviation = fit.standardError(coefficient) * scale
        let spread = deviation.isFinite ? String(format: deviation < 100 ? "%.2g" : "%.0f", deviation) : "unknown"
        let shown = deviation == 0 ? "" : "+- " + spread
        return String(format: "  \(coefficient) %10.4f \(unit) ", fit[coefficient] * scale)
            + shown.padding(toLength: 12, withPad: " ", startingAt: 0) + meaning
    }

    private static let errorHeader = "error    points    mean  median     p90     max"

    private static func errors(_ part: String, _ errors: FitErrors?) -> String? {
        guard let errors else { return nil }
        let shares = [errors.mean, errors.median, errors.p90, errors.max].map { String(format: "%6.1f %%", $0 * 100) }
        return part.padding(toLength: 8, withPad: " ", startingAt: 0) + String(format: "%7d", errors.count)
            + shares.joined()
    }

    private static func text(_ warning: ProfileFit.Warning) -> String {
        switch warning {
        case .undetermined(let coefficient):
            "\(coefficient) is not determined by these times: \(remedy(coefficient)), or give it with --known \(coefficient)=..."
        case .uncertain(let coefficient):
            "\(coefficient) is uncertain by more than half: \(remedy(coefficient)), or give it with --known \(coefficient)=..."
        case .zero(let coefficient):
            "\(coefficient) came out as zero: these times do not grow with it, or another coefficient explains it better"
        }
    }

    private static func remedy(_ coefficient: FitCoefficient) -> String {
        switch coefficient {
        case .c0, .c1: "measure the time between tokens at several concurrencies, 1 among them"
        case .c2: "measure the time between tokens with several prompt lengths at a high concurrency"
        case .c6: "measure the time between tokens at many concurrencies, small ones among them"
        case .c3, .c4, .overhead: "measure the time to first token with several prompt lengths, short ones among them"
        }
    }
}
