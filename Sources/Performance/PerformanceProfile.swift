package import Fleet
internal import RealModule

/// How fast one replica of a variant runs, as a function of what it is doing: the continuous-batching model of the
/// reference plant (docs/simulation.md).
///
/// With n sequences decoding over K tokens of context in all, one iteration takes `c0 + c1 n + c2 K + c6 sqrt(n)` seconds.
/// Prefilling u uncached prompt tokens takes `c3 u + c4` seconds of work, in chunks of `chunkTokens`.
package struct PerformanceProfile: Hashable, Sendable {
    package var name: String
    /// Accelerators that one replica occupies.
    package var accelerators: Int
    /// Seconds per decode iteration.
    package var c0: Double
    /// Seconds per iteration and decoding sequence.
    package var c1: Double
    /// Seconds per iteration and token of context.
    package var c2: Double
    /// Seconds per prefilled token.
    package var c3: Double
    /// Seconds per prefill.
    package var c4: Double
    /// Seconds per iteration and square root of the decoding sequences: in a mixture of experts, more of the weights are read
    /// the more sequences there are, until all are. Zero for other models, and in the reference plant.
    package var c6: Double
    /// Prompt tokens prefilled in one mixed iteration.
    package var chunkTokens: Double
    /// Requests admitted and unfinished at most.
    package var maxBatch: Int
    /// Tokens of context that fit in memory.
    package var kvTokens: Int
    /// Prefill work in seconds that a replica accepts in advance (the router's rule 3).
    package var backlogSeconds: Double
    package var power: PowerModel
    package var price: Price
    /// Where the numbers come from, in one sentence; nil for a user's own file that does not say.
    package var origin: String?

    /// Power of one accelerator.
    package struct PowerModel: Hashable, Sendable {
        package var idle: Power
        package var busy: Power
        /// Watts added by each decoding sequence.
        package var perSequence: Power
        /// True when the figures were not measured on this model and accelerator.
        package var isAssumed: Bool

        package init(idle: Power, busy: Power, perSequence: Power, isAssumed: Bool) {
            self.idle = idle
            self.busy = busy
            self.perSequence = perSequence
            self.isAssumed = isAssumed
        }
    }

    /// - Parameters:
    ///   - name: what users call it.
    ///   - accelerators: that one replica occupies, at least 1.
    ///   - decode: c0, c1, c2 in seconds.
    ///   - prefill: c3, c4 in seconds.
    ///   - chunkTokens: above 0.
    ///   - maxBatch: at least 1.
    ///   - kvTokens: at least 1.
    ///   - backlogSeconds: zero or more.
    ///   - power: of one accelerator.
    ///   - price: of one accelerator.
    ///   - origin: where the numbers come from.
    ///   - c6: seconds, zero or more.
    package init(
        name: String, accelerators: Int, decode: (c0: Double, c1: Double, c2: Double),
        prefill: (c3: Double, c4: Double),
        chunkTokens: Double, maxBatch: Int, kvTokens: Int, backlogSeconds: Double, power: PowerModel, price: Price,
        origin: String? = nil, c6: Double = 0
    ) {
        self.name = name
        self.accelerators = accelerators
        (c0, c1, c2) = decode
        (c3, c4) = prefill
        self.c6 = c6
        self.chunkTokens = chunkTokens
        self.maxBatch = maxBatch
        self.kvTokens = kvTokens
        self.backlogSeconds = backlogSeconds
        self.power = power
        self.price = price
        self.origin = origin
    }

    /// Seconds of one iteration without prefill, `n` sequences over `contextTokens` in all.
    package func iterationSeconds(sequences: Double, contextTokens: Double) -> Double {
        c0 + c1 * sequences + c2 * contextTokens + c6 * .sqrt(sequences)
    }

    /// Seconds that prefill adds to one mixed iteration: `q = c3 S`.
    package var mixedIterationPrefill: Double { c3 * chunkTokens }
}
