package import Fleet

/// What came of one simulated run, over its measured period.
package struct SimulationOutcome: Hashable, Sendable {
    /// Requests that arrived in the measured period.
    package var requests = 0
    /// Of those: answered within all limits.
    package var good = 0
    /// Of those: first token in time.
    package var ttftOK = 0
    /// Of those: finished, and mean time between tokens within its limit.
    package var itlOK = 0
    /// Of those: not finished when the run ended. They count as missed.
    package var unfinished = 0
    /// Of those: lost with a replica that crashed after their first token. They count as missed.
    package var failed = 0
    /// Times that a request gave its memory back and was computed again (memory on demand alone).
    package var preemptions = 0

    /// Seconds of replicas billed: start order to stop, start-up and drain included, clipped to the measured period.
    package var billedSeconds = 0.0
    /// The part of `billedSeconds` that was start-up.
    package var startUpSeconds = 0.0
    /// The part of `billedSeconds` in which a replica had anything to do.
    package var busySeconds = 0.0
    package var energy = Energy(joules: 0)
    package var acceleratorsPerReplica = 1

    /// Start orders in the measured period.
    package var starts = 0
    /// Decisions in the measured period that changed `desired`.
    package var scaleActions = 0
    /// Most ready and starting replicas at once, in the measured period.
    package var peak = 0

    package var ttft = Percentiles()
    /// Time to first token of those whose limit it exceeded: what being late costs them.
    package var lateTTFT = Percentiles()
    package var itl = Percentiles()
    /// Mean time to first token in seconds, of those that had one; nil where none did, and for services.
    package var ttftMean: Double?
    /// Mean over the finished requests of their mean times between tokens, in seconds; nil likewise.
    package var itlMean: Double?
    /// Arrival to last token; for non-LLM services this is the latency that counts.
    package var latency = Percentiles()

    /// Integral over the measured period of requests in flight (queued and running), in request-seconds.
    package var inFlightSeconds = 0.0
    /// Measured period in seconds.
    package var horizonSeconds = 0.0
    /// Digest of every event of the run: equal runs have equal digests.
    package var digest: UInt64 = 0

    package init() {}

    /// Good / offered; 1 when nothing was offered.
    package var attainment: Double { requests == 0 ? 1 : Double(good) / Double(requests) }
    package var ttftOKRatio: Double { requests == 0 ? 1 : Double(ttftOK) / Double(requests) }
    package var itlOKRatio: Double { requests == 0 ? 1 : Double(itlOK) / Double(requests) }
    package var replicaHours: Double { billedSeconds / 3600 }
    package var acceleratorHours: Double { replicaHours * Double(acceleratorsPerReplica) }
    package var busyFraction: Double { billedSeconds > 0 ? busySeconds / billedSeconds : 0 }
}

/// Percentiles in seconds; infinite where that share of the requests never got there.
package struct Percentiles: Hashable, Sendable {
    package var p50 = 0.0
    package var p95 = 0.0
    package var p99 = 0.0

    package init() {}
}

/// One line of a run's timeline: what happened between `start` and `start + width`.
package struct TimelinePoint: Hashable, Sendable {
    /// Seconds from time zero.
    package var start: Double
    /// Requests per second that arrived.
    package var arrivalRate: Double
    /// Work that arrived, in replicas' worth at the fluid operating point (replica-seconds per second).
    package var workRate: Double
    /// At the end of the interval.
    package var desired: Int
    package var current: Int
    package var ready: Int
    package var queued: Int
    package var running: Int
    /// Of the requests that arrived in the interval; nil when none did.
    package var ttftP50: Double?
    package var ttftP99: Double?
    package var itlP99: Double?
    /// Good share of the requests that arrived in the interval; nil when none did.
    package var goodRatio: Double?

    package init(
        start: Double, arrivalRate: Double, workRate: Double, desired: Int, current: Int, ready: Int, queued: Int,
        running: Int
    ) {
        self.start = start
        self.arrivalRate = arrivalRate
        self.workRate = workRate
        self.desired = desired
        self.current = current
        self.ready = ready
        self.queued = queued
        self.running = running
    }
}
