internal import Control
internal import Fleet
internal import Performance

/// Work that arrives, in steady replicas: what one replica carries at its operating point is 1.
///
/// The work of a request is `PerformanceProfile.work` at the fluid batch; a replica carries the steady rate of requests
/// of the mean shape. So demand = work per second / (steady rate x work of a mean request).
struct WorkloadDemand: Sendable {
    private let profile: PerformanceProfile
    private let point: OperatingPoint
    /// Work of one request of the operating point's shape, in replica-seconds.
    private let meanWork: Double

    init(_ context: PolicyContext) {
        profile = context.profile
        point = context.operatingPoint
        let shape = point.shape
        let perToken =
            profile.c0 / max(point.fluidBatch, 1) + profile.c1 + profile.c2 * shape.contextTokens
        meanWork = profile.prefillWork(uncachedTokens: shape.uncachedTokens) + shape.decodedTokens * perToken
    }

    /// Steady replicas that the requests which arrived between two samples need on average; nil unless time passed.
    ///
    /// - Parameters:
    ///   - earlier: where the interval begins.
    ///   - later: where it ends.
    ///   - outputTokens: expected of each request, at least 1.
    /// - Returns: steady replicas, zero or more.
    func replicas(from earlier: WorkloadSample, to later: WorkloadSample, outputTokens: Double) -> Double? {
        let seconds = later.at.seconds(since: earlier.at)
        guard seconds > 0 else { return nil }
        let count = Double(later.arrivedRequests - earlier.arrivedRequests)
        guard count > 0 else { return 0 }
        let prompt = Double(later.arrivedPromptTokens - earlier.arrivedPromptTokens)
        let uncached = Double(later.arrivedUncachedTokens - earlier.arrivedUncachedTokens)
        return replicas(
            requests: count, promptTokens: prompt, uncachedTokens: uncached, outputTokens: outputTokens) / seconds
    }

    /// Steady replica-seconds of `requests` requests, whose prompts have that many tokens in all.
    func replicas(requests: Double, promptTokens: Double, uncachedTokens: Double, outputTokens: Double) -> Double {
        guard requests > 0 else { return 0 }
        let work = profile.work(
            promptTokens: promptTokens / requests, uncachedTokens: uncachedTokens / requests,
            outputTokens: outputTokens, batch: point.fluidBatch)
        return requests * work / (point.steadyRate * meanWork)
    }
}
