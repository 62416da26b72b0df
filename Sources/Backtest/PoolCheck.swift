package import Capacity
package import Simulation
package import Traces

/// Finds by trials how many replicas a load really needs.
package struct PoolCheck: Sendable {
    /// Replicas above this times the answer, and eight more, are not tried.
    static let largestFactor = 3

    private let trial: PoolTrial
    private let attainmentTarget: Double
    private let requests: Int

    /// What was found.
    package struct Result: Sendable {
        /// The least number that reaches the target; nil when none tried does.
        package var replicas: Int?
        /// The run with as many replicas as were answered.
        package var answered: SimulationOutcome
    }

    /// - Parameters:
    ///   - trial: how pools are run.
    ///   - attainmentTarget: what must be reached.
    ///   - requests: of one run, about.
    package init(_ trial: PoolTrial, attainmentTarget: Double, requests: Int) {
        self.trial = trial
        self.attainmentTarget = attainmentTarget
        self.requests = requests
    }

    /// Goes from an answer up or down, one by one, until the least number is found.
    ///
    /// - Parameters:
    ///   - rate: requests per second.
    ///   - dispersion: of gamma gaps: variance over squared mean.
    ///   - answer: replicas, at least 1.
    ///   - seed: of all runs.
    /// - Returns: the least number, and the run of the answer.
    package func result(rate: Double, dispersion: Double, answer: Int, seed: UInt64) -> Result {
        func run(_ replicas: Int) -> SimulationOutcome {
            trial.outcome(rate: rate, dispersion: dispersion, replicas: replicas, requests: requests, seed: seed)
        }
        let answered = run(answer)
        var count = answer
        if answered.attainment >= attainmentTarget {
            while count > 1, run(count - 1).attainment >= attainmentTarget { count -= 1 }
            return Result(replicas: count, answered: answered)
        }
        while count < answer * Self.largestFactor + 8 {
            count += 1
            if run(count).attainment >= attainmentTarget { return Result(replicas: count, answered: answered) }
        }
        return Result(replicas: nil, answered: answered)
    }
}

extension Trace {
    /// Requests of which lengths are taken at most: more tell nothing new.
    private static let lengthsMax = 50_000

    /// The lengths of the requests, of evenly spaced ones where there are very many.
    package var requestLengths: [RequestLengths] {
        let step = max((count - 1) / Self.lengthsMax + 1, 1)
        return stride(from: 0, to: count, by: step).map { index in
            let row = self[index]
            return RequestLengths(
                promptTokens: Double(row.promptTokens), uncachedTokens: Double(uncachedTokens(index)),
                outputTokens: Double(row.outputTokens))
        }
    }

    /// The same requests with a cache that holds a share of each prompt; at least one token remains.
    ///
    /// - Parameter share: 0 ... 1.
    /// - Returns: a trace with a column of uncached tokens.
    package func cached(share: Double) -> Trace {
        var builder = TraceBuilder(columns: columns.union(.uncachedTokens), workloadNames: workloadNames)
        for index in 0..<count {
            var request = self.request(index)
            request.uncachedTokens = UInt32(max((Double(request.row.promptTokens) * (1 - share)).rounded(), 1))
            builder.append(request)
        }
        return builder.finish(name: name)
    }

    /// The requests as the pools of split serving see them: prefill alone, or decoding alone.
    package func split(decoding: Bool) -> Trace {
        var builder = TraceBuilder(columns: columns.union(.uncachedTokens), workloadNames: workloadNames)
        for index in 0..<count {
            var request = self.request(index)
            if decoding {
                guard request.row.outputTokens > 1 else { continue }
                request.uncachedTokens = 1
            } else {
                request.row.outputTokens = 1
            }
            builder.append(request)
        }
        return builder.finish(name: name)
    }
}
