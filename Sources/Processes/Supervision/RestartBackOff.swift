internal import Fleet

/// Starts that keep failing come ever more slowly: after the first failure at once, then 0.5 s, 1 s, 2 s … at most 30 s after
/// the last failure. A replica that was ready for a while ends the sequence.
struct RestartBackOff: Hashable {
    private var failures = 0
    private var lastFailure = Instant(seconds: 0)

    /// A replica that is lost sooner than so many seconds after ready counts as a failed start.
    static let settledSeconds = 30.0
    private static let firstDelay = 0.5
    private static let delayMax = 30.0

    /// The earliest instant of the next start.
    func startAt(_ now: Instant) -> Instant {
        guard failures > 1 else { return now }
        let delay = min(Self.firstDelay * Double(1 << min(failures - 2, 10)), Self.delayMax)
        return max(now, lastFailure + .seconds(delay))
    }

    /// `readySeconds`: how long it was ready; nil when it never was.
    mutating func noteEnd(_ ending: LifeEnding, readySeconds: Double?, at now: Instant) {
        switch ending {
        case .stopped: if (readySeconds ?? 0) >= Self.settledSeconds { failures = 0 }
        case .lost where (readySeconds ?? 0) >= Self.settledSeconds: failures = 0
        case .failed, .lost:
            failures += 1
            lastFailure = now
        }
    }
}
