/// Counters and gauges of one workload at one instant: what a monitoring system scrapes.
///
/// Counters run from the start and never fall; a rate is a difference of two samples.
package struct WorkloadSample: Hashable, Sendable {
    package var at: Instant

    // MARK: Counters

    package var arrivedRequests = 0
    package var arrivedPromptTokens = 0
    package var arrivedUncachedTokens = 0
    package var finishedRequests = 0
    package var finishedPromptTokens = 0
    package var finishedUncachedTokens = 0
    package var finishedOutputTokens = 0
    /// Tokens after the first, of finished requests whose tokens were seen one by one.
    package var timedTokens = 0
    /// Time from the first to the last token of the same requests, in seconds: over `timedTokens` it is the mean time between
    /// tokens, each token counting alike.
    package var decodeSeconds = 0.0
    /// Of the requests that left, those answered within all limits; nil where nobody judges them.
    package var goodRequests: Int?
    /// Integral over time of requests in flight (queued and running), in request-seconds: its difference over an interval,
    /// divided by the interval, is the time-averaged concurrency.
    package var inFlightSeconds = 0.0

    // MARK: Gauges

    /// Requests that no replica has admitted yet, centrally or (early binding) waiting inside a replica.
    package var queuedRequests = 0
    package var queuedPromptTokens = 0
    package var queuedUncachedTokens = 0
    /// Requests admitted and unfinished, on ready and draining replicas.
    package var runningRequests = 0
    /// The replicas that serve, ready and draining, in the order of their slots.
    package var replicas: [ReplicaSample] = []
    /// How many there were, where only that is left.
    private var replicasBefore = 0

    package init(at: Instant) { self.at = at }

    /// Queued and running requests.
    package var inFlightRequests: Int { queuedRequests + runningRequests }

    /// Requests that are gone, answered or not.
    package var leftRequests: Int { arrivedRequests - inFlightRequests }

    /// How many replicas serve: known for longer than what each of them does.
    package var servingReplicas: Int { replicas.isEmpty ? replicasBefore : replicas.count }

    /// Forgets what each replica does, but not how many there are.
    package mutating func dropGauges() {
        replicasBefore = servingReplicas
        replicas = []
    }

    /// The ready replicas among `replicas`.
    package var readyReplicas: Int { replicas.reduce(0) { $0 + ($1.isReady ? 1 : 0) } }
}

// MARK: As a row of numbers

extension WorkloadSample {
    private static let integers: [any WritableKeyPath<WorkloadSample, Int> & Sendable] = [
        \.arrivedRequests, \.arrivedPromptTokens, \.arrivedUncachedTokens, \.finishedRequests, \.finishedPromptTokens,
        \.finishedUncachedTokens, \.finishedOutputTokens, \.timedTokens, \.queuedRequests, \.queuedPromptTokens,
        \.queuedUncachedTokens, \.runningRequests,
    ]

    /// All but the replicas' own gauges, in a fixed order. Exact below 2^53. Good requests that nobody counted are -1.
    package var numbers: [Double] {
        var numbers: [Double] = [at.seconds, inFlightSeconds, decodeSeconds, goodRequests.map(Double.init) ?? -1]
        numbers += WorkloadSample.integers.map { Double(self[keyPath: $0]) }
        numbers.append(Double(servingReplicas))
        return numbers
    }

    /// - Parameter numbers: as `numbers` gives them; nil when they are no sample.
    package init?(numbers: [Double]) {
        // Earlier versions did not keep the last one.
        let gauges = WorkloadSample.integers.count + 4
        guard numbers.count == gauges || numbers.count == gauges + 1 else { return nil }
        self.init(at: Instant(seconds: numbers[0]))
        inFlightSeconds = numbers[1]
        decodeSeconds = numbers[2]
        guard let good = Int(exactly: numbers[3]) else { return nil }
        goodRequests = good < 0 ? nil : good
        for (path, number) in zip(WorkloadSample.integers, numbers.dropFirst(4)) {
            guard let integer = Int(exactly: number) else { return nil }
            self[keyPath: path] = integer
        }
        if numbers.count > gauges {
            guard let served = Int(exactly: numbers[gauges]) else { return nil }
            replicasBefore = served
        }
    }
}

/// One replica's own gauges at the same instant.
package struct ReplicaSample: Hashable, Sendable, Codable {
    package var id: ReplicaID
    /// False while draining.
    package var isReady: Bool
    /// Admitted and unfinished, waiting for prefill included.
    package var runningRequests: Int
    /// Bound to this replica but not admitted (early binding only).
    package var waitingRequests: Int
    /// Sequences that are decoding.
    package var decodingRequests: Int
    /// Uncached tokens admitted and not yet prefilled.
    package var prefillQueuedTokens: Int
    /// Context tokens of the decoding sequences.
    package var contextTokens: Int
    /// Tokens of memory reserved for all running requests.
    package var reservedTokens: Int

    package init(
        id: ReplicaID, isReady: Bool, runningRequests: Int, waitingRequests: Int, decodingRequests: Int,
        prefillQueuedTokens: Int, contextTokens: Int, reservedTokens: Int
    ) {
        self.id = id
        self.isReady = isReady
        self.runningRequests = runningRequests
        self.waitingRequests = waitingRequests
        self.decodingRequests = decodingRequests
        self.prefillQueuedTokens = prefillQueuedTokens
        self.contextTokens = contextTokens
        self.reservedTokens = reservedTokens
    }
}
