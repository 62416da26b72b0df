internal import Fleet

/// When starts may be tried again after some did not succeed: 1 s, 2 s, 4 s and so on.
struct StartBackOff: Hashable, Sendable, Codable {
    /// The first wait, in seconds.
    static let secondsMin = 1.0

    /// The longest wait, in seconds.
    private let secondsMax: Double
    /// Rounds of starts that did not succeed, without a quiet time between them.
    private var failedRounds = 0
    /// When the last round was counted: what was ordered before belongs to it.
    private var countedAt: Instant?
    /// No start before this instant; nil when starts may be given, and once it was noticed that the wait is over.
    private(set) var retryAt: Instant?

    init(secondsMax: Double) { self.secondsMax = secondsMax }

    /// A start did not succeed. Starts of one round that fail together count once: ten failures are no reason to wait for ten.
    mutating func fail(orderedAt: Instant, at now: Instant) {
        if let countedAt, orderedAt <= countedAt { return }
        if let countedAt, now.seconds(since: countedAt) > 2 * secondsMax { failedRounds = 0 }
        let doublings = min(failedRounds, 30)
        failedRounds += 1
        countedAt = now
        retryAt = Instant(seconds: now.seconds + min(StartBackOff.secondsMin * Double(1 << doublings), secondsMax))
    }

    /// A start succeeded: others need not wait. How often it failed is forgotten after a quiet time only, because a replica
    /// that crashes as soon as it is ready would else be started without a pause.
    mutating func succeed() { retryAt = nil }

    /// Notices that the wait is over, when it is.
    mutating func endWait(at now: Instant) {
        if !isWaiting(at: now) { retryAt = nil }
    }

    /// Whether starts wait at `now`.
    func isWaiting(at now: Instant) -> Bool { retryAt.map { now < $0 } ?? false }
}
