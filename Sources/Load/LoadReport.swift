internal import Foundation

/// What came of a run. `docs/load.md` defines its JSON form; names are never changed, only added.
package struct LoadReport: Sendable, Encodable {
    /// Counts up when a name changes its meaning.
    package static let schema = 1
    /// A generator that sends later than this for one request in a hundred has measured itself.
    package static let lagMax = 0.01

    /// One workload, or all of them together.
    package struct Workload: Sendable, Encodable {
        package var model: String
        /// Requests that went out, warm-up included.
        package var sent: Int
        /// Measured requests that were due.
        package var offered: Int
        /// Of those: the outcome is known.
        package var finished: Int
        package var good: Int
        /// Good / finished; nil without an objective, or when nothing finished.
        package var attainment: Double?
        /// How many came to each end, by `RequestOutcome.name`.
        package var outcomes: [String: Int]
        /// Answers with fewer tokens than were asked for.
        package var shortAnswers: Int
        /// Of answered requests.
        package var promptTokens: Int
        package var outputTokens: Int
        package var ttft: LatencySummary
        package var itl: LatencySummary
        package var latency: LatencySummary

        package var answered: Int { outcomes[RequestOutcome.answered.name] ?? 0 }
    }

    package let schema = LoadReport.schema
    package var target: String
    /// Seconds since 1970 at the traces' time zero.
    package var startedAt: Double
    /// Seconds from the traces' time zero until the last answer.
    package var seconds: Double
    package var speed: Double
    /// It was stopped before its end.
    package var wasStopped: Bool
    package var connections: Int
    package var inFlightMax: Int
    /// How much later than due requests were sent.
    package var lag: LatencySummary
    package var workloads: [Workload]

    /// Whether the generator itself was late.
    package var isLate: Bool { (lag.p99 ?? 0) > LoadReport.lagMax }

    /// Writes the document: members sorted by name, so that two can be compared.
    ///
    /// - Returns: the text with a line feed at the end.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

extension LoadReport {
    init(_ generator: LoadGenerator, plan: LoadPlan, startedAt: Double) {
        target = "http://\(plan.target.authority)\(plan.target.path)"
        self.startedAt = startedAt
        seconds = generator.progress.seconds
        speed = plan.speed
        wasStopped = generator.wasStopped
        connections = generator.connectionCount
        inFlightMax = generator.inFlightMax
        lag = generator.lag.summary
        workloads = zip(plan.workloads, generator.tallies).map { Workload($0.model, $1) }
    }
}

extension LoadReport.Workload {
    init(_ model: String, _ tally: WorkloadTally) {
        self.model = model
        sent = tally.sent
        offered = tally.offered
        finished = tally.finished
        good = tally.good
        attainment = tally.attainment
        outcomes = Dictionary(uniqueKeysWithValues: tally.outcomes.map { ($0.key.name, $0.value) })
        shortAnswers = tally.shortAnswers
        promptTokens = tally.promptTokens
        outputTokens = tally.outputTokens
        ttft = tally.ttft.summary
        itl = tally.itl.summary
        latency = tally.latency.summary
    }
}
