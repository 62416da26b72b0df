internal import Fleet

/// How fast decisions follow each other, by how fast replicas start.
///
/// The windows of Tideway's policy fit traffic, whose bursts and trends take minutes however fast replicas start. Only where a
/// replica is there within some twenty seconds is following the last seconds better than knowing minutes: windows shrink then,
/// somewhat more than in proportion. Shrunk for slower starts as well, fleets reacted to chance, and cost more than they do with
/// slower starts.
struct DecisionPace: Sendable {
    /// Start-ups below this are fast, in seconds.
    static let fastStartUpEnd = 25.0
    /// The start-up that a fast one is taken as a share of, in seconds.
    static let slowStartUp = 60.0
    /// The least share: samples come once a second.
    static let shareMin = 1.0 / 12

    /// A fast start-up as a share of a slow one; 1 for one that is not fast.
    let share: Double

    /// - Parameter startUp: as it is expected, at the median.
    init(startUp: Duration) {
        let isFast = startUp.seconds < DecisionPace.fastStartUpEnd
        share = isFast ? max(startUp.seconds / DecisionPace.slowStartUp, DecisionPace.shareMin) : 1
    }

    /// Whether seconds count, and no minute is worth knowing.
    var isFast: Bool { share < 1 }

    /// Whether head-room for bursts pays: not where a replica is there within five seconds, as following the traffic is enough.
    var holdsHeadRoom: Bool { share > DecisionPace.shareMin }

    /// What windows are multiplied by: 1 unless starts are fast.
    var windows: Double { share * (1 + share) / 2 }
}
