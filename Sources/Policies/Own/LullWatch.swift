internal import Fleet

/// Fears a surge where traffic has stopped all at once.
///
/// A rate that falls within half a minute to a fraction, and farther than chance takes it, belongs to sources that switch on and
/// off together; such sources return as suddenly, and together (on-off and Markov-modulated arrivals, Heffes and Lucantoni 1986).
/// So a lull is taken for the sign of bursts before the first burst came. What lulls really ended in is learned: after two that
/// ended in nothing, or three that ended in the usual, nothing is feared. Nor is anything where the policy has been there for hours
/// and saw none: then it is users' way to the service that broke.
struct LullWatch: Hashable, Sendable, Codable {
    /// How much the latest lull counts beside all earlier ones.
    static let learning = 0.5

    private struct Lull: Hashable, Sendable, Codable {
        var began: Instant
        /// The mean before it, in steady replicas.
        var usual: Double
        /// What may follow, as a multiple of that.
        var feared: Double
        /// The highest rate since, in steady replicas.
        var peak = 0.0
        var isOver = false
    }

    private let patience: Double
    private let surge: Double
    private let guess: Double
    private var lull: Lull?
    /// What lulls ended in, as a multiple of what was usual; nil before the first did.
    private var learned: Double?

    /// - Parameters:
    ///   - patience: seconds from the beginning of a lull in which its end shows.
    ///   - surge: a rate so many times what was usual is a surge.
    ///   - feared: what follows a lull, as such a multiple, before one was seen and while traffic is new.
    init(patience: Double, surge: Double, feared: Double) {
        self.patience = patience
        self.surge = surge
        guess = feared
    }

    /// The surge that may come at any moment, in steady replicas; nil outside a lull, when it has come, and where none is likely.
    var feared: Double? {
        guard let lull, !lull.isOver, lull.feared >= surge, lull.peak < surge * lull.usual else { return nil }
        return lull.feared * lull.usual
    }

    /// Takes in what arrives now.
    ///
    /// - Parameters:
    ///   - rate: in steady replicas.
    ///   - usual: the mean of a long time, in steady replicas, above 0.
    ///   - isLull: whether the rate has collapsed.
    ///   - novelty: how little is known of this traffic: 1 at first, 0 once its ways are known.
    ///   - now: never before an earlier call's.
    mutating func note(_ rate: Double, usual: Double, isLull: Bool, novelty: Double, at now: Instant) {
        guard var current = lull else {
            if isLull {
                lull = Lull(began: now, usual: usual, feared: learned ?? 1 + (guess - 1) * min(max(novelty, 0), 1))
            }
            return
        }
        if current.isOver {
            if !isLull { lull = nil }
            return
        }
        current.peak = max(current.peak, rate)
        current.isOver = now.seconds(since: current.began) > patience
        if current.isOver {
            learned = current.feared + LullWatch.learning * (current.peak / current.usual - current.feared)
        }
        lull = current
    }
}
