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
        let canShrink = engines.allSatisfy { keeps(limits, $0, growth: growth, own: lengths.uncachedTokens) }
        return canShrink ? -1 : 0
    }

    // MARK: Estimates

    /// What one engine has to do.
    struct Engine: Hashable, Sendable {
        var decoding: Double
        var contextTokens: Double
        /// Uncached tokens that wait for prefill: its own, and its share of those that no engine has admitted.
        var queuedTokens: Double
        /// Seconds of prefill in a mean iteration.
        var prefillSeconds: Double

        /// With more requests of the same kind; the prefill of a mean iteration stays, as Dynamo leaves its average.
        func scaled(by factor: Double) -> Engine {
            Engine(
                decoding: decoding * factor, contextTokens: contextTokens * factor, queuedTokens: queuedTokens * factor,
                prefillSeconds: prefillSeconds)
        }

        /// With `tokens` more of context, in requests as long as those that decode.
        func adding(contextTokens tokens: Double) -> Engine {
            guard contextTokens > 0 else { return self }
            return Engine(
                decoding: decoding * (1 + tokens / contextTokens), contextTokens: contextTokens + tokens,
                queuedTokens: queuedTokens, prefillSeconds: prefillSeconds)
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
    ///
    /// While prefill takes the share s of the time, a mean iteration lasts tau/(1 - s), and s of that is prefill.
    func engines(_ sample: WorkloadSample, prefillSeconds: Double) -> [Engine] {
        let ready = sample.replicas.filter(\.isReady)
        let count = Double(max(ready.count, 1))
        let queueShare = Double(sample.queuedUncachedTokens) / count
        let share = min(prefillSeconds / count, DynamoLoadRule.prefillShareMax)
        return ready.map {
            var engine = Engine(
                decoding: Double($0.decodingRequests), contextTokens: Double($0.contextTokens),
                queuedTokens: Double($0.prefillQueuedTokens) + queueShare, prefillSeconds: 0)
            engine.prefillSeconds = iterationSeconds(engine) * share / (1 - share)
            return engine
        }
    }

    /// Time to the first token of a new prompt of `own` uncached tokens: all that waits and itself, chunk by chunk in
    /// iterations that also decode, the last chunk's included; alone when nothing decodes.
    func ttft(_ engine: Engine, own: Double) -> Double {
        let profile = context.profile
        let tokens = engine.queuedTokens + own
        let iterations = (tokens / profile.chunkTokens).rounded(.up)
        return profile.prefillWork(uncachedTokens: tokens) + iterations * iterationSeconds(engine)
    }

    /// Mean time between tokens with one more request of mean length: an iteration and the prefill of a mean one.
    func interTokenSeconds(_ engine: Engine) -> Double {
        guard engine.decoding > 0 else { return 0 }
        let next = engine.adding(contextTokens: engine.contextTokens / engine.decoding)
        return iterationSeconds(next) + engine.prefillSeconds
    }

    private func iterationSeconds(_ engine: Engine) -> Double {
        engine.decoding > 0
            ? context.profile.iterationSeconds(sequences: engine.decoding, contextTokens: engine.contextTokens) : 0
    }

    /// Whether an engine with `growth` times its load keeps its distance from both objectives and its context fits. A prompt's
    /// own prefill does not shrink with more engines, so only what queues before it counts against the rest of the time. What
    /// queues will decode, so it counts as context.
    private func keeps(_ limits: Objectives, _ engine: Engine, growth: Double, own: Double) -> Bool {
        let grown = engine.scaled(by: growth)
        var idle = grown
        idle.queuedTokens = 0
        let ownSeconds = ttft(idle, own: own)
        let later = grown.adding(contextTokens: grown.queuedTokens)
        let sensitivity = DynamoLoadRule.downSensitivity
        return ttft(grown, own: own) - ownSeconds < (limits.ttft - ownSeconds) * sensitivity
            && interTokenSeconds(later) < limits.itl * sensitivity
            && grown.contextTokens + grown.queuedTokens < Double(context.profile.kvTokens)
    }
}
