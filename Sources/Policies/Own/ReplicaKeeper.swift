internal import Fleet

/// Decides how long replicas are kept after they were last needed: a ski rental for each place in the fleet.
///
/// Keeping costs its time; giving up costs a start-up when the place is needed again, and the requests that wait for it,
/// which count as `restartPenalty` start-ups. Each place remembers its latest gaps (from last needed until needed again) and is
/// kept for the multiple of a start-up that would have cost least on them; with nothing remembered for `multiples[0]`,
/// which costs at most twice what foresight would (Karlin et al. 1988).
struct ReplicaKeeper: Sendable {
    /// Times to keep, in start-ups.
    static let multiples = [1.0, 2, 4, 8, 16]
    /// What a restart costs, in start-ups of one replica.
    static let restartPenalty = 5.0
    /// Gaps that a place remembers.
    static let gapCount = 8
    /// Shorter gaps are jitter between two decisions, in seconds.
    static let gapMin = 15.0

    private struct Place {
        var lastNeeded: Instant
        var gaps: [Double] = []
        /// How long it is kept, in seconds.
        var keep: Double
    }

    private let startUp: Double
    private var places: [Place] = []

    /// - Parameter startUp: median time from order to ready; below 15 s counts as 15 s.
    init(startUp: Duration) { self.startUp = max(startUp.seconds, ReplicaKeeper.gapMin) }

    /// The fleet to have now, at least `needed`.
    mutating func desired(needed: Int, at now: Instant) -> Int {
        for index in 0..<needed {
            if index < places.count {
                places[index] = needAgain(places[index], at: now)
            } else {
                places.append(Place(lastNeeded: now, keep: ReplicaKeeper.multiples[0] * startUp))
            }
        }
        let kept = places.lastIndex { now.seconds(since: $0.lastNeeded) < $0.keep }
        return max(needed, kept.map { $0 + 1 } ?? 0)
    }

    private func needAgain(_ place: Place, at now: Instant) -> Place {
        var place = place
        let gap = now.seconds(since: place.lastNeeded)
        place.lastNeeded = now
        guard gap > ReplicaKeeper.gapMin else { return place }
        place.gaps.append(gap)
        if place.gaps.count > ReplicaKeeper.gapCount { place.gaps.removeFirst() }
        place.keep = cheapest(place.gaps)
        return place
    }

    /// The time to keep that would have cost least; of equals the shortest.
    private func cheapest(_ gaps: [Double]) -> Double {
        let times = ReplicaKeeper.multiples.map { $0 * startUp }
        return times.min { cost(of: $0, gaps) < cost(of: $1, gaps) } ?? startUp
    }

    private func cost(of keep: Double, _ gaps: [Double]) -> Double {
        gaps.reduce(0) { $0 + min($1, keep) + ($1 > keep ? ReplicaKeeper.restartPenalty * startUp : 0) }
    }
}
