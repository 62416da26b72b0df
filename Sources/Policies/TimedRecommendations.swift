internal import Fleet

/// Replica counts that were recommended lately, with their instants.
struct TimedRecommendations: Sendable {
    private var entries: [(at: Double, count: Int)] = []

    /// Adds one, and forgets those that no window of `keep` reaches any more.
    mutating func append(_ count: Int, at now: Instant, keep: Duration) {
        entries.removeAll { now.seconds - $0.at > keep.seconds }
        entries.append((now.seconds, count))
    }

    var isEmpty: Bool { entries.isEmpty }

    /// The largest of those at most `window` old; nil when there are none, as in a window of nothing.
    func max(within window: Duration, at now: Instant) -> Int? {
        guard window > .zero else { return nil }
        return entries.lazy.filter { now.seconds - $0.at <= window.seconds }.map(\.count).max()
    }

    /// The smallest of those at most `window` old; nil when there are none, as in a window of nothing.
    func min(within window: Duration, at now: Instant) -> Int? {
        guard window > .zero else { return nil }
        return entries.lazy.filter { now.seconds - $0.at <= window.seconds }.map(\.count).min()
    }
}
