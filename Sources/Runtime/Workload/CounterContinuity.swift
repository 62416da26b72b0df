internal import Fleet
internal import Link

/// Turns the gateway's counters into ones that never fall: a gateway that was restarted counts from zero again.
struct CounterContinuity: Sendable {
    /// What gateways before the present one counted.
    private var earlier = WorkloadSample(at: Instant(seconds: 0))
    private var latest: WorkloadSample?

    /// The sample as Control takes it. The gateway knows no cache, so every prompt token counts as uncached.
    mutating func sample(_ sample: GatewaySample) -> WorkloadSample {
        let raw = WorkloadSample(sample)
        if let latest, raw.fellBehind(latest) { earlier.add(latest) }
        latest = raw
        var result = raw
        result.add(earlier)
        return result
    }
}

extension WorkloadSample {
    fileprivate init(_ sample: GatewaySample) {
        self.init(at: Instant(seconds: sample.time))
        arrivedRequests = sample.arrivedRequests
        arrivedPromptTokens = sample.arrivedPromptTokens
        arrivedUncachedTokens = sample.arrivedPromptTokens
        finishedRequests = sample.finishedRequests
        finishedPromptTokens = sample.finishedPromptTokens
        finishedUncachedTokens = sample.finishedPromptTokens
        finishedOutputTokens = sample.finishedOutputTokens
        timedTokens = sample.timedTokens
        decodeSeconds = sample.decodeSeconds
        goodRequests = sample.goodRequests
        inFlightSeconds = sample.inFlightSeconds
        queuedRequests = sample.queuedRequests
        queuedPromptTokens = sample.queuedPromptTokens
        queuedUncachedTokens = sample.queuedPromptTokens
        runningRequests = sample.runningRequests
        replicas = sample.replicas.map {
            ReplicaSample(
                id: ReplicaID($0.number), isReady: $0.isReady, runningRequests: $0.runningRequests, waitingRequests: 0,
                decodingRequests: $0.runningRequests, prefillQueuedTokens: 0, contextTokens: $0.reservedTokens,
                reservedTokens: $0.reservedTokens)
        }
    }

    /// Whether a counter is lower than before: they are another gateway's.
    fileprivate func fellBehind(_ earlier: WorkloadSample) -> Bool {
        arrivedRequests < earlier.arrivedRequests || finishedRequests < earlier.finishedRequests
            || arrivedPromptTokens < earlier.arrivedPromptTokens
            || finishedOutputTokens < earlier.finishedOutputTokens || inFlightSeconds < earlier.inFlightSeconds
    }

    /// Adds the other's counters; gauges stay.
    fileprivate mutating func add(_ other: WorkloadSample) {
        arrivedRequests += other.arrivedRequests
        arrivedPromptTokens += other.arrivedPromptTokens
        arrivedUncachedTokens += other.arrivedUncachedTokens
        finishedRequests += other.finishedRequests
        finishedPromptTokens += other.finishedPromptTokens
        finishedUncachedTokens += other.finishedUncachedTokens
        finishedOutputTokens += other.finishedOutputTokens
        timedTokens += other.timedTokens
        decodeSeconds += other.decodeSeconds
        if let good = other.goodRequests { goodRequests = good + (goodRequests ?? 0) }
        inFlightSeconds += other.inFlightSeconds
    }
}
