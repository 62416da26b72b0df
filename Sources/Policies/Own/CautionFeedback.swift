/// Moves how cautiously is planned with the attainment that is measured.
///
/// Adaptive conformal inference (Gibbs and Candès 2021), with missed requests in the place of missed forecasts: caution
/// rises with what was missed, and falls by what might have been. So in the long run as much is missed as may be, whatever the
/// forecasts and the capacity curve are worth. Misses are counted in seconds of mean traffic, so that the step holds for
/// every load. Where requests queue, misses come all at once and seldom: that there was none yet says little, so caution falls as
/// slowly as it was young until such misses could have been seen; but what misses have added goes at full speed.
///
/// Caution is back where it was within the hour. What is missed again and again, an hour apart or more, asks for a `reserve` that is
/// held meanwhile too: the same sum of misses, four times as slow, from when the traffic was seen for long enough to call it lasting.
/// Below zero it is a `saving`: where caution is low and still too few are missed, all that is planned shrinks.
struct CautionFeedback: Hashable, Sendable, Codable {
    /// Time over which the mean rate is taken, in seconds.
    static let rateSeconds = 3600.0
    /// Age from which it falls at its full speed where requests queue, in seconds.
    static let evidenceSeconds = 2700.0
    /// Seconds with traffic from which what is missed is taken for lasting.
    static let lastingSeconds = 5400.0
    /// And from which what is not missed is.
    static let savingSeconds = 10_800.0
    /// How fast the reserve moves, as a share of caution's speed.
    static let reserveGain = 0.25
    /// The largest reserve, in roots of what is expected.
    static let reserveMax = 1.0
    /// The largest saving.
    static let savingMax = 1.0

    /// 0 ... 1.
    private(set) var caution: Double
    /// What lasting misses ask for over what is expected, in its roots: 0 ... `reserveMax`.
    var reserve: Double { max(lasting, 0) }
    /// What misses that stay away for hours allow: 0 ... `savingMax`.
    var saving: Double { max(-lasting, 0) }
    /// The slow sum of misses.
    private var lasting = 0.0
    private let start: Double
    private let missShare: Double
    private let gain: Double
    private var requestsPerSecond = 0.0
    private var age = 0.0
    /// Seconds in which requests left.
    private var seen = 0.0

    /// - Parameters:
    ///   - settings: where it begins, and how fast it moves.
    ///   - missShare: of the requests, that the objective allows.
    init(_ settings: TidewaySettings, missShare: Double) {
        start = settings.caution
        caution = start
        self.missShare = missShare * settings.missTargetShare
        gain = 1 / settings.missedSecondsPerCaution
    }

    /// What came of the requests that left in a while.
    ///
    /// - Parameters:
    ///   - left: requests that are gone, answered or not.
    ///   - good: of those; more than `left` counts as all.
    ///   - elapsed: seconds; nothing is learned from none.
    ///   - queueingShare: of those who miss their limits when there is too little, those who have queued; 0 ... 1.
    ///   - maySave: whether a fleet that is a little too small misses a little more; where requests queue behind the late, all are late.
    mutating func append(left: Int, good: Int, elapsed: Double, queueingShare: Double, maySave: Bool) {
        guard elapsed > 0, left >= 0 else { return }
        age += elapsed
        let window = min(age, CautionFeedback.rateSeconds)
        requestsPerSecond += (Double(left) / elapsed - requestsPerSecond) * min(elapsed / window, 1)
        guard left > 0 else { return }
        let missed = Double(max(left - good, 0)) - missShare * Double(left)
        let isUnfounded = missed < 0 && caution <= start
        let unseen = isUnfounded ? queueingShare * max(1 - age / CautionFeedback.evidenceSeconds, 0) : 0
        let step = gain * missed / requestsPerSecond
        caution = min(max(caution + (1 - unseen) * step, 0), 1)
        seen += elapsed
        guard seen >= CautionFeedback.lastingSeconds else { return }
        let savesMore = seen >= CautionFeedback.savingSeconds && caution <= start / 2
        let least = maySave ? (savesMore ? -CautionFeedback.savingMax : min(lasting, 0)) : 0
        lasting = min(max(lasting + CautionFeedback.reserveGain * step, least), CautionFeedback.reserveMax)
    }
}
