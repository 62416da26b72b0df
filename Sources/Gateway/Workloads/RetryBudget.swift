/// How many retries there may be, so that a fleet in trouble is not buried under repeated requests: a share of the requests
/// of the last ten seconds and of those in flight, and ten besides.
struct RetryBudget {
    static let windowSeconds = 10
    static let floor = 10.0

    /// Retries per request.
    var share: Double
    private var requests = [Int](repeating: 0, count: windowSeconds)
    private var retries = [Int](repeating: 0, count: windowSeconds)
    private var second = 0

    /// - Parameter share: retries per request.
    init(share: Double) { self.share = share }

    /// A request arrived.
    mutating func countRequest(at now: Double) {
        advance(to: now)
        requests[second % RetryBudget.windowSeconds] += 1
    }

    /// Takes one retry out of the budget; false when it is used up.
    mutating func take(inFlight: Int, at now: Double) -> Bool {
        advance(to: now)
        let base = Double(requests.reduce(0, +) + inFlight)
        guard Double(retries.reduce(0, +)) < RetryBudget.floor + share * base else { return false }
        retries[second % RetryBudget.windowSeconds] += 1
        return true
    }

    private mutating func advance(to now: Double) {
        let current = Int(now)
        guard current > second else { return }
        for passed in max(second + 1, current - RetryBudget.windowSeconds + 1)...current {
            requests[passed % RetryBudget.windowSeconds] = 0
            retries[passed % RetryBudget.windowSeconds] = 0
        }
        second = current
    }
}
