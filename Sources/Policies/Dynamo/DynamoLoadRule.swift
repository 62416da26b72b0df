internal import Control
internal import Fleet
internal import Performance

/// The load mode of NVIDIA Dynamo's planner for aggregated engines: one step by estimates of each engine's latencies.
struct DynamoLoadRule: Sendable {
    /// Share of an objective below which an estimate must stay for a step down.
    static let downSensitivity = 0.8
    /// A share of 1 would leave no time to decode; the estimate is far beyond any objective here already.
    static let prefillShareMax = 0.95

    private let context: PolicyContext

    init(_ context: PolicyContext) { self.context = context }

    /// One of -1, 0, +1; nil when no engine reports.
    func step(_ samples: SampleView, engineCount: Int) -> Int? {
        guard let latest = samples.latest else { return nil }
        let engines = engines(latest, prefillSeconds: prefillRate(samples))
        guard !engines.isEmpty else { return nil }
        let lengths = RecentLengths(samples, fallback: context.operatingPoint.shape)
        var limits = Objectives(context.slo, promptTokens: lengths.promptTokens)
        limits.ttft /= context.knob
        limits.itl /= context.knob
        // All engines must be over; one that still copes stops the step up.
        if engines.allSatisfy({ ttft($0, own: lengths.uncachedTokens) > limits.ttft }) { return 1 }
        if engines.allSatisfy({ interTokenSeconds($0) > limits.itl }) { return 1 }
        guard engineCount > 1 else { return 0 }
        let growth = Double(engineCount) / Double(engineCount - 1)
        let canShrink = engines.allSatisfy { keeps(limits, $0.scaled(by: growth), own: lengths.uncachedTokens) }
        return canShrink ? -1 : 0
    }

    // MARK: Estimates

    /// What one engine has to do.
    struct Engine: Hashable, Sendable {
        var decoding: Double
        var contextTokens: Double
        /// Uncached tokens that wait for prefill: its own, and its share of those that no engine has admitted.
        var queuedTokens: Double
        /// Share of its time that it spends on prefill, below 1.
        var prefillShare: Double

        func scaled(by factor: Double) -> Engine {
            Engine(
                decoding: decoding * factor, contextTokens: contextTokens * factor, queuedTokens: queuedTokens * factor,
                prefillShare: min(prefillShare * factor, DynamoLoadRule.prefillShareMax))
        }
    }

    /// Seconds of prefill work that arrive in a second, over the last tick; 0 before there are two samples.
    private func prefillRate(_ samples: SampleView) -> Double {
        let profile = context.profile
        return samples.rate(over: DynamoLoadPolicy.tick.seconds) {
            profile.c3 * Double($0.arrivedUncachedTokens) + profile.c4 * Double($0.arrivedRequests)
        } ?? 0
    }

    /// The ready engines. Prefill work and the central queue are split evenly: with early binding they would lie in them.
    func engines(_ sample: WorkloadSample, prefillSeconds: Double) -> [Engine] {
        let ready = sample.replicas.filter(\.isReady)
        let count = Double(max(ready.count, 1))
        let queueShare = Double(sample.queuedUncachedTokens) / count
        return ready.map {
            Engine(
                decoding: Double($0.decodingRequests), contextTokens: Double($0.contextTokens),
                queuedTokens: Double($0.prefillQueuedTokens) + queueShare,
                prefillShare: min(prefillSeconds / count, DynamoLoadRule.prefillShareMax))
        }
    }

    /// Time to the first token of a new prompt of `own` uncached tokens: all that waits and itself, chunk by chunk in
    /// iterations that also decode; alone when nothing decodes.
    func ttft(_ engine: Engine, own: Double) -> Double {
        let profile = context.profile
        let tokens = engine.queuedTokens + own
        guard engine.decoding > 0 else { return profile.prefillWork(uncachedTokens: tokens) }
        let iterations = tokens / profile.chunkTokens
        return iterations * (profile.mixedIterationPrefill + iterationSeconds(engine)) + profile.c4
    }

    /// Mean time between tokens: an iteration, stretched by the share of time that prefill takes from decoding. Dynamo
    /// learns the same mean from the iterations that it observes, with and without prefill in them.
    func interTokenSeconds(_ engine: Engine) -> Double { iterationSeconds(engine) / (1 - engine.prefillShare) }

    private func iterationSeconds(_ engine: Engine) -> Double {
        engine.decoding > 0
            ? context.profile.c0 + context.profile.c1 * engine.decoding + context.profile.c2 * engine.contextTokens : 0
    }

    /// Whether an engine keeps its distance from both objectives and its context fits. A prompt's own prefill does not
    /// shrink with more engines, so only what queues before it counts against the rest of the time.
    private func keeps(_ limits: Objectives, _ engine: Engine, own: Double) -> Bool {
        var idle = engine
        idle.queuedTokens = 0
        let ownSeconds = ttft(idle, own: own)
        let sensitivity = DynamoLoadRule.downSensitivity
        return ttft(engine, own: own) - ownSeconds < (limits.ttft - ownSeconds) * sensitivity
            && interTokenSeconds(engine) < limits.itl * sensitivity
            && engine.contextTokens + engine.queuedTokens < Double(context.profile.kvTokens)
    }
}
