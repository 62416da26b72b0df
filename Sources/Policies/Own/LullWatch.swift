internal import Fleet

/// Fears a surge where traffic has stopped all at once.
///
/// A rate that falls within half a minute to a fraction, and farther than chance takes it, belongs to sources that switch on and
/// off together; such sources return as suddenly, and together (on-off and Markov-modulated arrivals, Heffes and Lucantoni 1986).
/// So a lull is taken for the sign of bursts before the first burst came. What lulls really ended in is learned: after two that
/// ended in nothing, or three that ended in the usual, nothing is feared.
struct LullWatch: Hashable, Sendable, Codable {
    /// How much the latest lull counts beside all earlier ones.
    static let learning = 0.5

    private struct Lull: Hashable, Sendable, Codable {
        var began: Instant
        /// The mean before it, in steady replicas.
        var usual: Double
        /// The highest rate since, in steady replicas.
        var peak = 0.0
        var isOver = false
    }

    private let patience: Double
    private let surge: Double
    private var lull: Lull?
    /// What follows a lull, as a multiple of what was usual.
    private var peak: Double

    /// - Parameters:
    ///   - patience: seconds from the beginning of a lull in which its end shows.
    ///   - surge: a rate so many times what was usual is a surge.
    ///   - feared: what follows a lull, as such a multiple, before one was seen.
    init(patience: Double, surge: Double, feared: Double) {
        self.patience = patience
        self.surge = surge
        peak = feared
    }

    /// The surge that may come at any moment, in steady replicas; nil outside a lull, when it has come, and where none is likely.
    var feared: Double? {
        guard let lull, !lull.isOver, peak >= surge, lull.peak < surge * lull.usual else { return nil }
        return peak * lull.usual
    }

    /// Takes in what arrives now.
    ///
    /// - Parameters:
    ///   - rate: in steady replicas.
    ///   - usual: the mean of a long time, in steady replicas, above 0.
    ///   - isLull: whether the rate has collapsed.
    ///   - now: never before an earlier call's.
    mutating func note(_ rate: Double, usual: Double, isLull: Bool, at now: Instant) {
        guard var current = lull else {
            if isLull { lull = Lull(began: now, usual: usual) }
            return
        }
        if current.isOver {
            if !isLull { lull = nil }
            return
        }
        current.peak = max(current.peak, rate)
        current.isOver = now.seconds(since: current.began) > patience
        if current.isOver { peak += LullWatch.learning * (current.peak / current.usual - peak) }
        lull = current
    }
}
