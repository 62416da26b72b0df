/// The mean since the level last shifted, and whether the series bursts now.
///
/// Shifts are found by Page's two-sided cumulative sum of standardised distances from the mean, with slack 0.5 and alarm at
/// 6; a single distance counts at most 3, so that one burst alone is no shift. After an alarm the mean restarts from the
/// values since the sum left zero that lie more than a deviation away. Source: Page (1954), "Continuous Inspection Schemes", Biometrika 41.
package struct ShiftingMean: Hashable, Sendable, Codable {
    package static let slack = 0.5
    package static let alarm = 6.0
    package static let distanceMax = 3.0
    /// A mean is not older than this many steps: levels that creep are followed too.
    package static let stepsMax = 200.0

    /// One direction's sum, with what was seen since it left zero.
    private struct Excursion: Hashable, Sendable, Codable {
        var sum = 0.0
        var count = 0.0
        var total = 0.0

        mutating func add(_ distance: Double, _ measured: Double) {
            sum = max(sum + distance - ShiftingMean.slack, 0)
            guard sum > 0 else {
                (count, total) = (0, 0)
                return
            }
            // What lies within a deviation may still belong to the old level.
            guard distance > 1 else { return }
            count += 1
            total += measured
        }
    }

    private var count = 0.0
    private var deviation = FadingMean(steps: ShiftingMean.stepsMax)
    private var above = Excursion()
    private var below = Excursion()
    /// 0 before the first value.
    package private(set) var mean = 0.0
    package private(set) var shiftCount = 0
    /// The latest value lies more than 3 deviations above the mean.
    package private(set) var isBurst = false

    package init() {}

    package mutating func append(_ measured: Double) {
        let distance = measured - mean
        // The mean absolute deviation of a normal variable is 0.8 standard deviations.
        let spread = deviation.value * 1.25
        let standardised = spread > 0 ? distance / spread : 0
        let isKnown = count >= 8
        isBurst = isKnown && standardised > Self.distanceMax
        if isKnown, watch(standardised, measured) { return }
        count += 1
        mean += distance / min(count, Self.stepsMax)
        if count > 1 { deviation.append(abs(distance)) }
    }

    /// Adds to the sums. Returns whether the level shifted: the mean has then been set.
    private mutating func watch(_ standardised: Double, _ measured: Double) -> Bool {
        let bounded = min(max(standardised, -Self.distanceMax), Self.distanceMax)
        above.add(bounded, measured)
        below.add(-bounded, measured)
        let excursion = above.sum > below.sum ? above : below
        guard excursion.sum > Self.alarm, excursion.count > 0 else { return false }
        mean = excursion.total / excursion.count
        count = excursion.count
        shiftCount += 1
        (above, below) = (Excursion(), Excursion())
        return true
    }
}
