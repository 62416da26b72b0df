internal import Fleet

/// How fast decisions follow each other, by how fast replicas start.
///
/// The windows of Tideway's policy fit start-ups of a minute and more. Where replicas start faster, less is to be foreseen
/// and a mistake is mended sooner, so windows shrink, somewhat more than in proportion: the trend is what counts over a
/// few seconds.
struct DecisionPace: Sendable {
    /// Start-ups from which windows have their full length, in seconds.
    static let slowStartUp = 60.0
    /// Start-ups below a twelfth of that are treated like it: samples come once a second.
    static let shareMin = 1.0 / 12

    /// The start-up as a share of a slow one, at most 1.
    let share: Double

    /// - Parameter startUp: as it is expected, at the median.
    init(startUp: Duration) {
        share = min(max(startUp.seconds / DecisionPace.slowStartUp, DecisionPace.shareMin), 1)
    }

    /// Whether seconds count, and no minute is worth knowing.
    var isFast: Bool { share < 0.5 }

    /// What windows are multiplied by: 1 for slow start-ups.
    var windows: Double { share * (1 + share) / 2 }
}
