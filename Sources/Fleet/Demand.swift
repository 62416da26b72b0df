/// How much arrives: requests and tokens per second.
package struct Demand: Hashable, Sendable {
    package var requestsPerSecond: Double
    package var promptTokensPerSecond: Double
    /// The part of the prompts that no cache holds.
    package var uncachedTokensPerSecond: Double

    /// - Parameters:
    ///   - requestsPerSecond: zero or more.
    ///   - promptTokensPerSecond: zero or more.
    ///   - uncachedTokensPerSecond: at most those of the prompts.
    package init(requestsPerSecond: Double, promptTokensPerSecond: Double, uncachedTokensPerSecond: Double) {
        self.requestsPerSecond = requestsPerSecond
        self.promptTokensPerSecond = promptTokensPerSecond
        self.uncachedTokensPerSecond = uncachedTokensPerSecond
    }

    /// What arrived between two samples; nil unless time passed, or when the counters fell: their source began anew.
    package init?(from earlier: WorkloadSample, to later: WorkloadSample) {
        let seconds = later.at.seconds(since: earlier.at)
        guard seconds > 0, later.arrivedRequests >= earlier.arrivedRequests else { return nil }
        self.init(
            requestsPerSecond: Double(later.arrivedRequests - earlier.arrivedRequests) / seconds,
            promptTokensPerSecond: Double(later.arrivedPromptTokens - earlier.arrivedPromptTokens) / seconds,
            uncachedTokensPerSecond: Double(later.arrivedUncachedTokens - earlier.arrivedUncachedTokens) / seconds)
    }

    /// The requests that wait, as if they all came within `seconds`.
    package init(queuedIn sample: WorkloadSample, clearedWithin seconds: Double) {
        self.init(
            requestsPerSecond: Double(sample.queuedRequests) / seconds,
            promptTokensPerSecond: Double(sample.queuedPromptTokens) / seconds,
            uncachedTokensPerSecond: Double(sample.queuedUncachedTokens) / seconds)
    }

    package static func + (left: Demand, right: Demand) -> Demand {
        Demand(
            requestsPerSecond: left.requestsPerSecond + right.requestsPerSecond,
            promptTokensPerSecond: left.promptTokensPerSecond + right.promptTokensPerSecond,
            uncachedTokensPerSecond: left.uncachedTokensPerSecond + right.uncachedTokensPerSecond)
    }
}
