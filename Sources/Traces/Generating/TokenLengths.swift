internal import Sampling

/// Where the prompt and output lengths of made-up requests come from.
package enum TokenLengths: Sendable {
    /// Every request alike.
    case constant(promptTokens: UInt32, outputTokens: UInt32)
    /// Whole rows of another trace, each drawn uniformly, so that prompt and output stay correlated. Not empty.
    case rows(Trace)
    /// Prompt and output drawn independently.
    case distributions(prompt: TokenDistribution, output: TokenDistribution)
    /// Prompt and output drawn independently.
    case lognormal(prompt: LognormalTokens, output: LognormalTokens)

    /// The optional columns that drawn requests have.
    var columns: TraceColumns {
        if case .rows(let trace) = self { return trace.columns }
        return []
    }

    /// The names of drawn requests' workloads.
    var workloadNames: [String] {
        if case .rows(let trace) = self { return trace.workloadNames }
        return []
    }

    /// A request with drawn lengths that arrives so many seconds after time zero.
    func request(arrival: Double, using generator: inout some RandomNumberGenerator) -> TraceBuilder.Request {
        switch self {
        case .constant(let prompt, let output):
            return TraceBuilder.Request(
                row: RequestRow(arrival: arrival, promptTokens: prompt, outputTokens: output))
        case .rows(let trace):
            var request = trace.request(generator.index(below: trace.count))
            request.row.arrival = arrival
            return request
        case .distributions(let prompt, let output):
            let promptTokens = prompt.draw(using: &generator)
            let outputTokens = output.draw(using: &generator)
            return TraceBuilder.Request(
                row: RequestRow(arrival: arrival, promptTokens: promptTokens, outputTokens: outputTokens))
        case .lognormal(let prompt, let output):
            let promptTokens = prompt.draw(using: &generator)
            let outputTokens = output.draw(using: &generator)
            return TraceBuilder.Request(
                row: RequestRow(arrival: arrival, promptTokens: promptTokens, outputTokens: outputTokens))
        }
    }
}

extension RandomNumberGenerator {
    /// A uniform draw from 0 ..< count, by the high half of a product: the bias is below count / 2^64.
    mutating func index(below count: Int) -> Int {
        precondition(count > 0, "nothing to draw from")
        return Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }
}
