internal import Fleet
internal import Performance

/// Says whether a request was good, and keeps the counts (reference plant, section 5).
struct RequestJudge: ~Copyable {
    private let prefill: PrefillCost
    private let ttftLimit: Double
    private let itlLimit: Double
    private let latencyLimit: Double
    private let measureFrom: Double

    private(set) var ttftOK = 0
    private(set) var itlOK = 0
    private(set) var good = 0
    private(set) var finished = 0
    private(set) var failed = 0
    private(set) var ttft: LatencyRecorder
    /// Times to the first token of those that had it too late.
    private(set) var lateTTFT: LatencyRecorder
    private(set) var itl: LatencyRecorder
    private(set) var latency: LatencyRecorder

    /// Starts counting; `capacity` is the number of requests at most.
    init(profile: PerformanceProfile, slo: ServiceLevelObjective, measureFrom: Double, capacity: Int) {
        prefill = profile.prefillCost
        self.measureFrom = measureFrom
        ttft = LatencyRecorder(capacity: capacity)
        lateTTFT = LatencyRecorder(capacity: capacity)
        itl = LatencyRecorder(capacity: capacity)
        latency = LatencyRecorder(capacity: capacity)
        switch slo.limits {
        case .tokens(let ttft, let itl):
            (ttftLimit, itlLimit, latencyLimit) = (ttft.seconds, itl.seconds, .infinity)
        case .latency(let limit):
            (ttftLimit, itlLimit, latencyLimit) = (.infinity, .infinity, limit.seconds)
        }
    }

    /// A request's first token is out.
    @inline(__always)
    mutating func firstToken(_ sequence: BatchingReplica.Sequence) {
        guard sequence.arrival >= measureFrom else { return }
        let seconds = sequence.firstToken - sequence.arrival
        ttft.record(seconds)
        if isInTime(seconds, sequence) { ttftOK += 1 } else { lateTTFT.record(seconds) }
    }

    /// A request's last token is out.
    ///
    /// - Returns: whether it was good.
    @inline(__always)
    @discardableResult
    mutating func finish(_ sequence: BatchingReplica.Sequence, at now: Double) -> Bool {
        let meanITL = RequestJudge.meanITL(sequence, at: now)
        let seconds = now - sequence.arrival
        let isGood =
            meanITL <= itlLimit && seconds <= latencyLimit && isInTime(sequence.firstToken - sequence.arrival, sequence)
        guard sequence.arrival >= measureFrom else { return isGood }
        finished += 1
        itl.record(meanITL)
        latency.record(seconds)
        itlOK += meanITL <= itlLimit ? 1 : 0
        good += isGood ? 1 : 0
        return isGood
    }

    /// A request was lost after its first token.
    mutating func fail(_ sequence: BatchingReplica.Sequence) {
        if sequence.arrival >= measureFrom { failed += 1 }
    }

    /// Mean time between tokens: 0 for a single token.
    static func meanITL(_ sequence: BatchingReplica.Sequence, at now: Double) -> Double {
        sequence.outputTokens > 1 ? (now - sequence.firstToken) / Double(sequence.outputTokens - 1) : 0
    }

    @inline(__always)
    private func isInTime(_ ttft: Double, _ sequence: BatchingReplica.Sequence) -> Bool {
        ttft
            <= prefill.ttftLimit(
                promptTokens: Double(sequence.promptTokens), uncachedTokens: Double(sequence.uncachedTokens),
                ttft: ttftLimit)
    }
}
