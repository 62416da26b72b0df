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
                String(format: "%@: %d points, error median %.1f %%, p90 %.1f %%", part, $0.count, $0.median * 100, $0.p90 * 100)
            }
        }.joined(separator: "; ")
    }

    private static func coefficients(_ fit: ProfileFit) -> [String] {
        var lines = [
            String(format: "  c0 %10.4f ms  per decode step", fit[.c0] * 1e3),
            String(format: "  c1 %10.4f us  per step and sequence", fit[.c1] * 1e6),
            String(format: "  c2 %10.4f ns  per step and token of context", fit[.c2] * 1e9),
            String(format: "  c3 %10.4f us  per prompt token", fit[.c3] * 1e6),
            String(format: "  c4 %10.4f ms  per prompt", fit[.c4] * 1e3),
        ]
        if fit[.overhead] > 0 || fit.interference > 0 {
            lines.append(
                String(
                    format: "  besides, not in the profile: %.1f ms before every first token; each prompt waits for %.3g of the others",
                    fit[.overhead] * 1e3, fit.interference))
        }
        return lines
    }

    private static let errorHeader = "error    points    mean  median     p90     max"

    private static func errors(_ part: String, _ errors: FitErrors?) -> String? {
        guard let errors else { return nil }
        let shares = [errors.mean, errors.median, errors.p90, errors.max].map { String(format: "%6.1f %%", $0 * 100) }
        return part.padding(toLength: 8, withPad: " ", startingAt: 0) + String(format: "%7d", errors.count) + shares.joined()
    }

    private static func text(_ warning: ProfileFit.Warning) -> String {
        switch warning {
        case .undetermined(let coefficient):
            "\(coefficient) is not determined by these times: \(remedy(coefficient)), or give it with --known \(coefficient)=..."
        case .zero(let coefficient):
            "\(coefficient) came out as zero: these times do not grow with it, or another coefficient explains it better"
        }
    }

    private static func remedy(_ coefficient: FitCoefficient) -> String {
        switch coefficient {
        case .c0, .c1: "measure the time between tokens at several concurrencies, 1 among them"
        case .c2: "measure the time between tokens with several prompt lengths at a high concurrency"
        case .c3, .c4, .overhead: "measure the time to first token with several prompt lengths, short ones among them"
        }
    }
}
