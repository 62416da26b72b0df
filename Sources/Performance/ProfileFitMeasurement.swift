internal import RealModule

/// The unknowns of a fit, in the order of its equations.
package enum FitCoefficient: Int, CaseIterable, Hashable, Sendable {
    case c0, c1, c2, c3, c4
    /// Seconds that every first token takes besides prefill: network, tokenizer, the client. Not part of a profile.
    case overhead
    /// Seconds per iteration and square root of the decoding sequences; fitted where it is asked for.
    case c6
}

/// One measured time, and what ran when it was measured.
package enum FitMeasurement: Hashable, Sendable {
    /// Time to first token while `concurrency` requests of one kind are kept in flight.
    case firstToken(promptTokens: Double, outputTokens: Double, concurrency: Double, seconds: Double)
    /// Mean time between tokens while `concurrency` requests of one kind are kept in flight.
    case interToken(promptTokens: Double, outputTokens: Double, concurrency: Double, seconds: Double)
    /// Time from the start to the end of a batch whose requests all start and end together.
    case wholeBatch(promptTokens: Double, outputTokens: Double, batch: Double, seconds: Double)
    /// Time to prefill a batch of prompts at once.
    case prefill(promptTokens: Double, batch: Double, seconds: Double)
    /// Time of one decode iteration over `batch` sequences of `contextTokens` each.
    case iteration(contextTokens: Double, batch: Double, seconds: Double)
    /// Time of one step of an engine: `sequences` decode over `contextTokens` of context in all, and `prefillTokens` of
    /// `prompts` prompts are prefilled.
    case step(
        sequences: Double, contextTokens: Double, prefillTokens: Double, prompts: Double, seconds: Double)

    /// Which half of the model a measurement speaks of; errors are told apart by it.
    package enum Part: Hashable, Sendable {
        case decode
        case prefill
    }

    package var part: Part {
        switch self {
        case .firstToken, .prefill: .prefill
        case .interToken, .wholeBatch, .iteration: .decode
        case .step(_, _, let prefillTokens, _, _): prefillTokens > 0 ? .prefill : .decode
        }
    }

    /// True for a time that holds prefill and nothing else.
    var isPrefillAlone: Bool {
        if case .prefill = self { true } else { false }
    }

    var isFirstToken: Bool {
        if case .firstToken = self { true } else { false }
    }

    package var seconds: Double {
        switch self {
        case .firstToken(_, _, _, let seconds), .interToken(_, _, _, let seconds), .wholeBatch(_, _, _, let seconds),
            .prefill(_, _, let seconds), .iteration(_, _, let seconds), .step(_, _, _, _, let seconds):
            seconds
        }
    }

    /// The model of the time as factors of the coefficients, which are linear in it.
    ///
    /// With `tau = c0 + c1 b + c2 b ctx + c6 sqrt(b)` and `w = c3 u + c4`:
    /// - between tokens in a closed loop `tau + (b-1) w / o`: while one request makes its `o` tokens, each of the `b-1`
    ///   others has its prompt done once;
    /// - first token in a closed loop `overhead + w (1 + r b) + tau`: prompts queue for each other in proportion to `b`;
    /// - a whole batch `c3 b u + c4 + sum over o iterations of (c0 + c1 b + c2 b (u + j) + c6 sqrt(b))`: one prefill for all.
    ///
    /// - Parameter interference: r, the share of the concurrent prompts that a prompt waits for, zero or more.
    /// - Returns: Factors in the order of `FitCoefficient`.
    func factors(interference: Double) -> [Double] {
        switch self {
        case .firstToken(let prompt, let output, let concurrency, _):
            let waited = 1 + interference * concurrency
            let context = concurrency * (prompt + output / 2)
            return [1, concurrency, context, prompt * waited, waited, 1, .sqrt(concurrency)]
        case .interToken(let prompt, let output, let concurrency, _):
            let prompts = (concurrency - 1) / output
            let context = concurrency * (prompt + output / 2)
            return [1, concurrency, context, prompts * prompt, prompts, 0, .sqrt(concurrency)]
        case .wholeBatch(let prompt, let output, let batch, _):
            let context = output * prompt + output * (output + 1) / 2
            return [output, output * batch, batch * context, batch * prompt, 1, 0, output * .sqrt(batch)]
        case .prefill(let prompt, let batch, _):
            return [0, 0, 0, batch * prompt, 1, 0, 0]
        case .iteration(let context, let batch, _):
            return [1, batch, batch * context, 0, 0, 0, .sqrt(batch)]
        case .step(let sequences, let context, let prefill, let prompts, _):
            return [1, sequences, context, prefill, prompts, 0, .sqrt(sequences)]
        }
    }
}

extension FitMeasurement {
    /// The same measurement with another time.
    func with(seconds: Double) -> FitMeasurement {
        switch self {
        case .firstToken(let prompt, let output, let concurrency, _):
            .firstToken(promptTokens: prompt, outputTokens: output, concurrency: concurrency, seconds: seconds)
        case .interToken(let prompt, let output, let concurrency, _):
            .interToken(promptTokens: prompt, outputTokens: output, concurrency: concurrency, seconds: seconds)
        case .wholeBatch(let prompt, let output, let batch, _):
            .wholeBatch(promptTokens: prompt, outputTokens: output, batch: batch, seconds: seconds)
        case .prefill(let prompt, let batch, _): .prefill(promptTokens: prompt, batch: batch, seconds: seconds)
        case .iteration(let context, let batch, _): .iteration(contextTokens: context, batch: batch, seconds: seconds)
        case .step(let sequences, let context, let prefill, let prompts, _):
            .step(
                sequences: sequences, contextTokens: context, prefillTokens: prefill, prompts: prompts, seconds: seconds
            )
        }
    }

    /// Repeats of one measurement replaced by their median, in order of first appearance; otherwise a setting that was
    /// measured five times would weigh five times as much.
    package static func merged(_ measurements: [FitMeasurement]) -> [FitMeasurement] {
        var order: [FitMeasurement] = []
        var times: [FitMeasurement: [Double]] = [:]
        for measurement in measurements {
            let setting = measurement.with(seconds: 0)
            if times[setting] == nil { order.append(setting) }
            times[setting, default: []].append(measurement.seconds)
        }
        return order.map { $0.with(seconds: median(times[$0] ?? [])) }
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
