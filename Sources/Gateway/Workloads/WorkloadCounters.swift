/// What happened to a workload's requests since the gateway started. Counters never fall.
struct WorkloadCounters {
    var arrivedRequests = 0
    var arrivedPromptTokens = 0
    var finishedRequests = 0
    var finishedPromptTokens = 0
    var finishedOutputTokens = 0
    /// Tokens after the first, of finished streams, and the time from their first to their last.
    var timedTokens = 0
    var decodeSeconds = 0.0
    var goodRequests = 0
    var refusedRequests = 0
    var failedRequests = 0
    var cancelledRequests = 0
    var retries = 0
    var ejections = 0
    /// By status, 0 to 599; 499 is a client that went.
    var byStatus = [Int](repeating: 0, count: 600)
    var byReason = [Int](repeating: 0, count: Refusal.allCases.count)
    var timeToFirstToken = LatencyHistogram()
    var duration = LatencyHistogram()
    /// Requests that arrived and did not leave yet.
    private(set) var inFlight = 0
    private var arrivalTimes = 0.0
    private var leavingTimes = 0.0

    mutating func enter(at now: Double) {
        inFlight += 1
        arrivalTimes += now
    }

    mutating func leave(at now: Double) {
        inFlight -= 1
        leavingTimes += now
    }

    /// Integral of requests in flight up to now, waiting ones among them, in request-seconds.
    func inFlightSeconds(at now: Double) -> Double { Double(inFlight) * now - (arrivalTimes - leavingTimes) }

    mutating func count(status: Int) {
        byStatus[min(max(status, 0), byStatus.count - 1)] += 1
    }

    mutating func count(_ refusal: Refusal) {
        if let index = Refusal.allCases.firstIndex(of: refusal) { byReason[index] += 1 }
    }
}

/// Counts of durations in fixed buckets, as Prometheus wants them.
struct LatencyHistogram {
    /// Upper ends in seconds.
    static let bounds = [
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640,
    ]

    private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    private(set) var sum = 0.0

    mutating func record(_ seconds: Double) {
        counts[LatencyHistogram.bounds.firstIndex { seconds <= $0 } ?? LatencyHistogram.bounds.count] += 1
        sum += seconds
    }
}
