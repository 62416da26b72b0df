internal import Fleet

/// The standbys of a warm pool: how many are at hand, and when their successors will be.
struct WarmStandbys {
    let pool: WarmPool
    /// When each standby is at hand, in seconds.
    private var availableAt: [Double]

    init(_ pool: WarmPool) {
        self.pool = pool
        availableAt = Array(repeating: -.infinity, count: pool.size)
    }

    /// Takes a standby for a start at `now`; its successor needs a cold start-up.
    ///
    /// - Returns: seconds until the replica is ready; nil when no standby is at hand.
    mutating func take(at now: Double, cold: Double) -> Double? {
        guard let index = availableAt.firstIndex(where: { $0 <= now }) else { return nil }
        availableAt[index] = now + cold
        return min(pool.startUp.seconds, cold)
    }
}
