internal import Fleet

/// The limits of an objective as the planner rules take them.
struct Objectives: Hashable, Sendable {
    /// Seconds to the first token of a typical prompt.
    var ttft: Double
    /// Seconds between tokens; infinite for services that are not measured so.
    var itl: Double

    /// - Parameters:
    ///   - slo: the promise; a limit on the whole latency counts as one on the first token.
    ///   - promptTokens: mean prompt; long ones have twice the time to the first token.
    init(_ slo: ServiceLevelObjective, promptTokens: Double) {
        switch slo.limits {
        case .tokens(let ttft, let itl):
            let isLong = promptTokens > Double(ServiceLevelObjective.longPromptTokens)
            self.ttft = ttft.seconds * (isLong ? 2 : 1)
            self.itl = itl.seconds
        case .latency(let limit):
            ttft = limit.seconds
            itl = .infinity
        }
    }
}
