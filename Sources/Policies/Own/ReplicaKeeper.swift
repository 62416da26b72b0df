internal import Fleet

/// Decides how long replicas are kept after they were last needed: a ski rental for each place in the fleet.
///
/// Keeping costs its time. Giving up costs, when the place is needed again, an absence: the time from seeing the need until a
/// replica is ready. It is paid for (the start-up is billed) and requests miss their objective meanwhile, so it counts
/// `penalty` times. Each place remembers its latest gaps (from last needed until needed again) and is kept for the
/// multiple of an absence that would have cost least on them. With nothing remembered it is kept until keeping has cost as
/// much as giving up, which costs at most twice what foresight would (Karlin et al. 1988); but no longer than `patience`, however
/// slow starts are: the ledger of surges has forgotten two fifths of one by then.
struct ReplicaKeeper: Hashable, Sendable, Codable {
    /// What a restart costs, in absences, where a replica is back almost at once: little but the start itself.
    static let fastPenalty = 1.0
    /// Times to keep, in penalties: where keeping has cost as much as a restart, and longer when the need returns often.
    static let multiples = [1.0, 2, 4]
    /// Gaps that a place remembers.
    static let gapCount = 8
    /// A place is kept no longer than this, or than one absence, unless its own gaps make that worth while, in seconds.
    static let patience = 900.0
    /// Shorter gaps are jitter between two decisions, in seconds.
    static let gapMin = 15.0

    private struct Place: Hashable, Sendable, Codable {
        var lastNeeded: Instant
        var gaps: [Double] = []
        /// How long it is kept, in absences.
        var keep: Double
    }

    private let gapMin: Double
    private let penalty: Double
    private var places: [Place] = []

    /// - Parameters:
    ///   - pace: how fast decisions follow each other.
    ///   - penalty: what a restart costs, in absences, where starts are slow.
    init(_ pace: DecisionPace, penalty: Double) {
        gapMin = ReplicaKeeper.gapMin * pace.windows
        self.penalty = ReplicaKeeper.fastPenalty + pace.share * (penalty - ReplicaKeeper.fastPenalty)
    }

    /// The fleet to have now, at least `needed`.
    ///
    /// - Parameters:
    ///   - needed: replicas that are needed now.
    ///   - foreseen: the most that may be needed by when a new replica could be there; places above are not kept.
    ///   - now: never before an earlier call's.
    ///   - absence: from seeing a need until a replica is ready, at the median; below the shortest gap counts as that.
    /// - Returns: replicas.
    mutating func desired(needed: Int, foreseen: Int = .max, at now: Instant, absence: Duration) -> Int {
        let absence = max(absence.seconds, gapMin)
        for index in 0..<needed {
            if index < places.count {
                places[index] = needAgain(places[index], at: now, absence)
            } else {
                places.append(Place(lastNeeded: now, keep: penalty))
            }
        }
        let kept = places.lastIndex { now.seconds(since: $0.lastNeeded) < seconds($0.keep, absence) }
        return max(needed, min(kept.map { $0 + 1 } ?? 0, foreseen))
    }

    private func needAgain(_ place: Place, at now: Instant, _ absence: Double) -> Place {
        var place = place
        let gap = now.seconds(since: place.lastNeeded)
        place.lastNeeded = now
        guard gap > gapMin else { return place }
        place.gaps.append(gap)
        if place.gaps.count > ReplicaKeeper.gapCount { place.gaps.removeFirst() }
        place.keep = cheapest(place.gaps, absence)
        return place
    }

    /// The time to keep that would have cost least; of equals the shortest.
    private func cheapest(_ gaps: [Double], _ absence: Double) -> Double {
        let times = ReplicaKeeper.multiples.map { $0 * penalty }
        return times.min {
            cost(of: seconds($0, absence), gaps, absence) < cost(of: seconds($1, absence), gaps, absence)
        } ?? penalty
    }

    /// How long a place is kept that is kept for so many absences.
    private func seconds(_ keep: Double, _ absence: Double) -> Double {
        keep <= penalty ? min(keep * absence, max(ReplicaKeeper.patience, absence)) : keep * absence
    }

    private func cost(of keep: Double, _ gaps: [Double], _ absence: Double) -> Double {
        gaps.reduce(0) { $0 + min($1, keep) + ($1 > keep ? penalty * absence : 0) }
    }
}
