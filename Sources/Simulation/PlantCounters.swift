internal import Performance

/// The counters that a monitoring system reads, over all requests of the run.
struct PlantCounters {
    var arrived = 0
    var arrivedPromptTokens = 0
    var arrivedUncachedTokens = 0
    var finished = 0
    var finishedPromptTokens = 0
    var finishedUncachedTokens = 0
    var finishedOutputTokens = 0
    /// From the first token to the last, summed over finished requests.
    var decodeSeconds = 0.0
    /// Answered within all limits.
    var good = 0
    /// Gone unanswered: refused, or lost with a replica.
    var failed = 0
    /// Sums of arrival times and of leaving times: their difference gives the integral of requests in flight.
    var arrivalTimes = 0.0
    var leavingTimes = 0.0

    @inline(__always)
    mutating func arrive(promptTokens: Int, uncachedTokens: Int, at now: Double) {
        arrived += 1
        arrivedPromptTokens += promptTokens
        arrivedUncachedTokens += uncachedTokens
        arrivalTimes += now
    }

    @inline(__always)
    mutating func finish(_ sequence: BatchingReplica.Sequence, at now: Double) {
        finished += 1
        finishedPromptTokens += Int(sequence.promptTokens)
        finishedUncachedTokens += Int(sequence.uncachedTokens)
        finishedOutputTokens += Int(sequence.outputTokens)
        decodeSeconds += now - sequence.firstToken
        leavingTimes += now
    }

    mutating func fail(at now: Double) {
        failed += 1
        leavingTimes += now
    }

    var inFlight: Int { arrived - finished - failed }

    /// Integral of requests in flight up to `now`, in request-seconds.
    func inFlightSeconds(at now: Double) -> Double {
        Double(inFlight) * now - (arrivalTimes - leavingTimes)
    }
}
