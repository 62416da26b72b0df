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
    /// for context limit it too.
    ///
    /// - Parameters:
    ///   - shape: the workload's means.
    ///   - itl: seconds between tokens, above c0 for a rate above zero.
    package func fluidPoint(_ shape: MeanShape, itl: Double) -> FluidPoint {
        let work = prefillWork(uncachedTokens: shape.uncachedTokens)
        let perToken = c1 + c2 * shape.contextTokens
        let byITL = max(itl - c0, 0) / (itl * work + itl * shape.decodedTokens * perToken)
        var rate = min(byITL, 1 / work)
        if shape.decodedTokens > 0 {
            let batchLimit = min(Double(maxBatch), Double(kvTokens) / max(shape.contextTokens, 1))
            rate = min(rate, batchLimit / (shape.decodedTokens * itl))
        }
        return FluidPoint(rate: rate, batch: rate * shape.decodedTokens * itl)
    }

    /// Work of one request in replica-seconds, at a fluid batch size:
    /// `w + (out-1)(c0/n* + c1 + c2 (inp + (out+1)/2))` (reference plant, section 6).
    ///
    /// - Parameters:
    ///   - promptTokens: prompt, cached or not.
    ///   - uncachedTokens: 1 ... promptTokens.
    ///   - outputTokens: at least 1.
    ///   - batch: the fluid batch `n*`; below 1 counts as 1.
    package func work(promptTokens: Double, uncachedTokens: Double, outputTokens: Double, batch: Double) -> Double {
        let perToken = c0 / max(batch, 1) + c1 + c2 * (promptTokens + (outputTokens + 1) / 2)
        return prefillWork(uncachedTokens: uncachedTokens) + (outputTokens - 1) * perToken
    }
}

/// Where one replica should run: what rate and concurrency policies take as their target.
package struct OperatingPoint: Hashable, Sendable {
    /// Largest Poisson rate per replica, in requests per second, at which the objective's share is good on a fixed fleet.
    package var steadyRate: Double
    /// Requests in flight per replica at that rate.
    package var steadyConcurrency: Double
    /// The fluid batch size `n*`.
    package var fluidBatch: Double
    /// The workload's means, as known beforehand.
    package var shape: MeanShape

    package init(steadyRate: Double, steadyConcurrency: Double, fluidBatch: Double, shape: MeanShape) {
        self.steadyRate = steadyRate
        self.steadyConcurrency = steadyConcurrency
        self.fluidBatch = fluidBatch
        self.shape = shape
    }
}
