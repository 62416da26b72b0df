package import Fleet
internal import RealModule

extension PerformanceProfile {
    /// The steady state of one replica under a fluid of requests: no variance, no queue.
    package struct FluidPoint: Hashable, Sendable {
        /// Requests per second that one replica carries.
        package var rate: Double
        /// Sequences decoding at that rate.
        package var batch: Double
    }

    /// The largest request rate with a mean inter-token time of `itl` (reference plant, section 6).
    ///
    /// In a second, prefill takes `r w`; the rest serves iterations of `c0 + n (c1 + c2 ctx)` for `n = r (o-1) itl`
    /// sequences, so `r = (itl - c0) / (itl w + itl (o-1)(c1 + c2 ctx))`. Prefill alone, the batch limit and the memory
    /// for context limit it too: a batch that cannot grow past `B` turns over at
    /// `r = B / (B w + (o-1)(c0 + B (c1 + c2 ctx)))`, which is `B / c0` for a service that has nothing but `c0`.
    ///
    /// - Parameters:
    ///   - shape: the workload's means.
    ///   - itl: seconds between tokens, at least c0 for a rate above zero.
    /// - Returns: The rate, and the batch that decodes at it.
    package func fluidPoint(_ shape: RequestShape, itl: Double) -> FluidPoint {
        let rate = min(rateLimit(shape, itl: itl), rateLimit(shape, batch: batchLimit(shape)))
        return FluidPoint(rate: rate, batch: min(batchLimit(shape), rate * shape.decodedTokens * itl))
    }

    /// The largest request rate within an objective's limits: the fluid point at the inter-token limit for generated text;
    /// for other services the one whose mean time from start to end, without any wait, is the latency limit.
    ///
    /// A rate of zero means that no request can be good, even alone.
    package func fluidPoint(_ shape: RequestShape, limits: ServiceLevelObjective.Limits) -> FluidPoint {
        switch limits {
        case .tokens(_, let itl):
            return fluidPoint(shape, itl: itl.seconds)
        case .latency(let latency):
            let left = latency.seconds - prefillWork(uncachedTokens: shape.uncachedTokens)
            guard left >= 0 else { return FluidPoint(rate: 0, batch: 0) }
            return fluidPoint(shape, itl: shape.decodedTokens > 0 ? left / shape.decodedTokens : .infinity)
        }
    }

    /// The largest request rate when nobody minds how long a request takes: all that a replica can do.
    package func fullPoint(_ shape: RequestShape) -> FluidPoint {
        FluidPoint(rate: rateLimit(shape, batch: batchLimit(shape)), batch: batchLimit(shape))
    }

    /// Sequences that may decode at once: the batch limit, or what the memory holds of their context.
    private func batchLimit(_ shape: RequestShape) -> Double {
        min(Double(maxBatch), Double(kvTokens) / max(shape.contextTokens, 1))
    }

    /// Rate at which iterations last `itl`; infinite when they never do, zero when even an empty one lasts longer.
    private func rateLimit(_ shape: RequestShape, itl: Double) -> Double {
        guard itl >= c0 || shape.decodedTokens == 0 else { return 0 }
        let slope = prefillWork(uncachedTokens: shape.uncachedTokens) + shape.decodedTokens * perSequence(shape)
        guard slope > 0 else { return .infinity }
        // (itl - c0)/itl, which is 1 without a limit.
        let share = shape.decodedTokens > 0 ? 1 - c0 / itl : 1
        guard c6 > 0, shape.decodedTokens > 0 else { return share / slope }
        // With c6 it is `slope r + root sqrt(r) = share`, quadratic in sqrt(r).
        let root = c6 * .sqrt(shape.decodedTokens / itl)
        let rateRoot = 2 * share / (root + .sqrt(root * root + 4 * slope * share))
        return rateRoot * rateRoot
    }

    /// Rate at which a batch of constant size turns over.
    private func rateLimit(_ shape: RequestShape, batch: Double) -> Double {
        let work = prefillWork(uncachedTokens: shape.uncachedTokens)
        let decode = shape.decodedTokens * (c0 + c6 * .sqrt(batch) + batch * perSequence(shape))
        let turnover = batch * work + decode
        return turnover > 0 ? batch / turnover : .infinity
    }

    /// Seconds that one decoding sequence adds to an iteration.
    private func perSequence(_ shape: RequestShape) -> Double { c1 + c2 * shape.contextTokens }

    /// Work of one request in replica-seconds, at a fluid batch size:
    /// `w + (out-1)(c0/n* + c1 + c2 (inp + (out+1)/2))` (reference plant, section 6), with `c0 + c6 sqrt(n*)` for `c0`.
    ///
    /// - Parameters:
    ///   - promptTokens: prompt, cached or not.
    ///   - uncachedTokens: 1 ... promptTokens.
    ///   - outputTokens: at least 1.
    ///   - batch: the fluid batch `n*`; below 1 counts as 1.
    /// - Returns: Seconds of one replica.
    package func work(promptTokens: Double, uncachedTokens: Double, outputTokens: Double, batch: Double) -> Double {
        let perToken = sharedSeconds(batch: batch) + c1 + c2 * (promptTokens + (outputTokens + 1) / 2)
        return prefillWork(uncachedTokens: uncachedTokens) + (outputTokens - 1) * perToken
    }
}

extension PerformanceProfile {
    /// Seconds of an iteration that do not grow with each sequence, for one of `batch` sequences; below 1 counts as 1.
    package func sharedSeconds(batch: Double) -> Double {
        let sequences = max(batch, 1)
        return (c0 + c6 * .sqrt(sequences)) / sequences
    }
}
