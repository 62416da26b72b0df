/// What came of one workload's requests so far. Warm-up requests count in `sent` and `inFlight` alone.
struct WorkloadTally {
    private let judge: AnswerJudge?

    private(set) var sent = 0
    private(set) var inFlight = 0
    /// Measured requests that were due.
    private(set) var offered = 0
    private(set) var good = 0
    private(set) var outcomes: [RequestOutcome: Int] = [:]
    /// Answers with fewer tokens than were asked for.
    private(set) var shortAnswers = 0
    private(set) var promptTokens = 0
    private(set) var outputTokens = 0
    private(set) var ttft = LatencyHistogram()
    private(set) var itl = LatencyHistogram()
    private(set) var latency = LatencyHistogram()

    /// - Parameter judge: nil where nothing is promised.
    init(judge: AnswerJudge?) { self.judge = judge }

    /// Measured requests whose outcome is known, those apart that were in flight when the run was stopped.
    var finished: Int { outcomes.reduce(0) { $0 + ($1.key == .stopped ? 0 : $1.value) } }

    /// A request is due and begins.
    mutating func begin(_ request: PlannedRequest) {
        sent += 1
        inFlight += 1
        if request.isMeasured { offered += 1 }
    }

    /// A request that began is over; `times` come with an answer.
    mutating func end(_ request: PlannedRequest, _ outcome: RequestOutcome, _ times: AnswerTimes?) {
        inFlight -= 1
        if outcome == .overLimit { sent -= 1 }
        guard request.isMeasured else { return }
        outcomes[outcome, default: 0] += 1
        guard let times, outcome == .answered else {
            if outcome != .stopped { recordMissing() }
            return
        }
        record(request, times)
    }

    private mutating func recordMissing() {
        ttft.recordMissing()
        latency.recordMissing()
    }

    private mutating func record(_ request: PlannedRequest, _ times: AnswerTimes) {
        ttft.record(times.firstToken)
        latency.record(times.end)
        if times.outputTokens > 1, times.lastToken > times.firstToken { itl.record(times.meanITL) }
        promptTokens += request.promptTokens
        outputTokens += times.outputTokens
        if times.outputTokens < request.outputTokens { shortAnswers += 1 }
        if judge?.isGood(times, promptTokens: request.promptTokens) ?? false { good += 1 }
    }

    /// Good / finished; nil without an objective, or before anything finished.
    var attainment: Double? {
        judge == nil || finished == 0 ? nil : Double(good) / Double(finished)
    }
}
