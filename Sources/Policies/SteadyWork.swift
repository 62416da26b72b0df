internal import Fleet
internal import Performance

/// Work that arrives, in steady replicas: what one replica carries at its operating point is 1.
///
/// The work of a request is `PerformanceProfile.work` at the fluid batch; a replica carries the steady rate of requests
/// of the mean shape. So demand = work per second / (steady rate x work of a mean request).
struct SteadyWork: Sendable {
    private let profile: PerformanceProfile
    private let point: OperatingPoint
    /// Work of one request of the operating point's shape, in replica-seconds.
    private let meanWork: Double

    init(_ context: PolicyContext) {
        profile = context.profile
        point = context.operatingPoint
        let shape = point.shape
        let perToken =
            profile.sharedSeconds(batch: point.fluidBatch) + profile.c1 + profile.c2 * shape.contextTokens
        meanWork = profile.prefillWork(uncachedTokens: shape.uncachedTokens) + shape.decodedTokens * perToken
    }

    /// How long work may wait before it is late, in seconds: until the first token is due where requests queue, for the time of
    /// an answer, over which the time between tokens is averaged, where answers become slower. Weighted by what a fleet that is a
    /// little too small does; where that was not tried, prompts are taken to queue and decoding to become slower.
    func patience(_ slo: ServiceLevelObjective) -> Double {
        let prefill = profile.prefillWork(uncachedTokens: point.shape.uncachedTokens)
        switch slo.limits {
        case .latency(let limit): return max(limit.seconds - meanWork, 0)
        case .tokens(let ttft, let itl):
            let share = point.queueingShare ?? (meanWork > 0 ? prefill / meanWork : 1)
            return share * max(ttft.seconds - prefill, 0) + (1 - share) * point.shape.decodedTokens * itl.seconds
        }
    }

    /// Steady replicas that a demand needs on average.
    ///
    /// - Parameters:
    ///   - demand: what arrives.
    ///   - outputTokens: expected of each request, at least 1.
    /// - Returns: steady replicas, zero or more.
    func replicas(for demand: Demand, outputTokens: Double) -> Double {
        let requests = demand.requestsPerSecond
        guard requests > 0 else { return 0 }
        let work = profile.work(
            promptTokens: demand.promptTokensPerSecond / requests,
            uncachedTokens: demand.uncachedTokensPerSecond / requests, outputTokens: outputTokens,
            batch: point.fluidBatch)
        return requests * work / (point.steadyRate * meanWork)
    }
}
