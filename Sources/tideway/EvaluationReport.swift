internal import Foundation
internal import Performance
internal import Profiles

/// Evaluations as a table for people: all setups together, and how many of them are well foretold.
enum EvaluationText {
    /// A setup is well foretold when its median error of the time between tokens, a quarter kept out, is below this.
    static let goodError = 0.1

    static func lines(_ evaluations: [SetupEvaluation]) -> [String] {
        let settings = evaluations.reduce(0) { $0 + $1.settings }
        var lines = ["\(evaluations.count) setups, \(settings) combinations of lengths and concurrency", ""]
        lines.append(HeldOutText.header)
        for (index, holdOut) in HoldOut.allCases.enumerated() {
            lines += HeldOutText.row(holdOut, evaluations.flatMap { $0.heldOut[index].errors }).map { [$0] } ?? []
        }
        let medians = evaluations.compactMap(\.randomDecodeMedian)
        let good = medians.filter { $0 < goodError }.count
        lines += [
            "",
            "setups with a median error of the time between tokens under 10 %, a quarter kept out: \(good) of \(medians.count)",
        ]
        lines.append("setups with c6: \(evaluations.filter(\.hasSquareRoot).count)")
        let errors = evaluations.flatMap(\.loops).compactMap { loop in
            loop.measuredITL.map { abs(loop.simulated.itl / $0 - 1) }
        }
        if let errors = FitErrors(errors) {
            lines.append(
                String(
                    format: "simulated closed loops, time between tokens: %.1f %%, p90 %.1f %% of %d",
                    errors.median * 100,
                    errors.p90 * 100, errors.count))
        }
        return lines
    }
}

extension SetupEvaluation {
    /// Median error of the times between tokens that were kept out at random; nil where none was.
    var randomDecodeMedian: Double? {
        FitErrors(
            heldOut.first { $0.holdOut == .random }?.errors.filter { $0.part == .decode }.map(\.error) ?? [])?.median
    }

    var document: EvaluationDocument.Setup {
        EvaluationDocument.Setup(
            model: setup.model, hardware: setup.hardware, accelerators: setup.accelerators, framework: setup.framework,
            precision: setup.precision, parallelism: setup.parallelism, settings: settings,
            coefficients: .init(fit),
            heldOut: heldOut.flatMap { holdOut, errors in
                errors.map { error in
                    EvaluationDocument.HeldOut(
                        holdOut: holdOut.rawValue, part: error.part == .decode ? "itl" : "ttft",
                        promptTokens: error.setting.promptTokens, outputTokens: error.setting.outputTokens,
                        concurrency: error.setting.concurrency, error: error.error)
                }
            },
            closedLoops: loops.map { loop in
                EvaluationDocument.Loop(
                    promptTokens: loop.setting.promptTokens, outputTokens: loop.setting.outputTokens,
                    concurrency: loop.setting.concurrency, measuredTtftSeconds: loop.measuredTTFT,
                    simulatedTtftSeconds: loop.simulated.ttft, measuredItlSeconds: loop.measuredITL,
                    simulatedItlSeconds: loop.simulated.itl)
            })
    }
}

/// What `--json` writes; names in snake case, errors as shares.
struct EvaluationDocument: Encodable {
    struct Setup: Encodable {
        var model: String
        var hardware: String
        var accelerators: Int
        var framework: String
        var precision: String
        var parallelism: String
        var settings: Int
        var coefficients: Coefficients
        var heldOut: [HeldOut]
        var closedLoops: [Loop]
    }

    /// Seconds, but for r.
    struct Coefficients: Encodable {
        var c0: Double
        var c1: Double
        var c2: Double
        var c3: Double
        var c4: Double
        var c6: Double
        var t0: Double
        var r: Double

        init(_ fit: ProfileFit) {
            (c0, c1, c2) = (fit[.c0], fit[.c1], fit[.c2])
            (c3, c4, c6) = (fit[.c3], fit[.c4], fit[.c6])
            (t0, r) = (fit[.overhead], fit.interference)
        }
    }

    struct HeldOut: Encodable {
        var holdOut: String
        var part: String
        var promptTokens: Double
        var outputTokens: Double
        var concurrency: Double
        var error: Double
    }

    struct Loop: Encodable {
        var promptTokens: Double
        var outputTokens: Double
        var concurrency: Double
        var measuredTtftSeconds: Double?
        var simulatedTtftSeconds: Double
        var measuredItlSeconds: Double?
        var simulatedItlSeconds: Double
    }

    var setups: [Setup]
}
