/// Whether a replica deserves requests, judged by those that it had.
struct ReplicaHealth {
    private enum State {
        /// Takes requests. Ends with the last of so many failures in a row.
        case healthy(failures: Int)
        /// Takes none. Ends at the instant, in seconds.
        case ejected(until: Double)
        /// One request finds out. Ends with its outcome.
        case halfOpen(isProbing: Bool)
    }

    static let ejectionTimeLimit = 60.0
    /// Seconds between two requests to an ejected replica when there is no other.
    static let lastResortPause = 0.2

    private var state = State.healthy(failures: 0)
    private var ejectionsInARow = 0
    private var ejectedAt = 0.0
    /// Failures in a row after which it gets no requests.
    var failureLimit: Int
    /// Seconds of the first ejection; one that runs keeps its end.
    var ejectionTime: Double

    /// - Parameters:
    ///   - failureLimit: failures in a row after which it gets no requests.
    ///   - ejectionTime: seconds of the first ejection; each further one in a row is twice as long, up to a minute.
    init(failureLimit: Int, ejectionTime: Double) {
        self.failureLimit = failureLimit
        self.ejectionTime = ejectionTime
    }

    /// Whether it may have another request now.
    var takesRequests: Bool {
        switch state {
        case .healthy: true
        case .ejected: false
        case .halfOpen(let isProbing): !isProbing
        }
    }

    /// Not healthy: ejected, or being found out about.
    var isEjected: Bool {
        if case .healthy = state { return false }
        return true
    }

    /// A request was given to it.
    mutating func onDispatch() {
        if case .halfOpen(isProbing: false) = state { state = .halfOpen(isProbing: true) }
    }

    /// Its answer began. That ends a probe, but one more failure ejects again.
    mutating func onFirstByte() {
        if case .halfOpen = state { state = .healthy(failures: failureLimit - 1) }
    }

    /// It answered to the end.
    mutating func onSuccess() {
        state = .healthy(failures: 0)
        ejectionsInARow = 0
    }

    /// A request ended without saying anything about it: the client went.
    mutating func onNothingLearned() {
        if case .halfOpen(isProbing: true) = state { state = .halfOpen(isProbing: false) }
    }

    /// It failed a request. Returns true when that ejects it.
    mutating func onFailure(at now: Double) -> Bool {
        switch state {
        case .healthy(let failures):
            guard failures + 1 >= failureLimit else {
                state = .healthy(failures: failures + 1)
                return false
            }
        case .ejected: return false
        case .halfOpen: break
        }
        let factor = Double(1 << min(ejectionsInARow, 10))
        state = .ejected(until: now + min(ejectionTime * factor, max(ReplicaHealth.ejectionTimeLimit, ejectionTime)))
        ejectionsInARow += 1
        ejectedAt = now
        return true
    }

    /// Opens by half when the ejection is over. Returns whether it did.
    mutating func onTick(at now: Double) -> Bool {
        guard case .ejected(let until) = state, now >= until else { return false }
        state = .halfOpen(isProbing: false)
        return true
    }

    /// There is no other replica: it is tried although it is ejected, but not before a pause. Returns whether that changed
    /// anything.
    mutating func onLastResort(at now: Double) -> Bool {
        guard case .ejected = state, now >= ejectedAt + ReplicaHealth.lastResortPause else { return false }
        state = .halfOpen(isProbing: false)
        return true
    }
}
