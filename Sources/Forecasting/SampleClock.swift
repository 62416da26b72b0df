package import Fleet

/// Gives each sample its place on an even grid of steps, whatever the clock does.
///
/// The grid begins at the first sample. A sample belongs to the nearest place, so jitter of less than half a step does no
/// harm. When the clock jumps back the grid moves along: the sample takes the place after the last one, and seasons go on
/// as if no jump had been. A jump forward cannot be told from a gap and is one.
package struct SampleClock: Hashable, Sendable, Codable {
    package let stepSeconds: Double
    private var origin: Double?
    /// Of the latest sample; -1 before the first.
    package private(set) var place = -1
    package private(set) var latest = Instant(seconds: 0)
    /// How often the clock went back.
    package private(set) var jumpsBack = 0

    /// - Parameter step: the time from one sample to the next, above zero.
    package init(step: Duration) {
        precondition(step > .zero, "a step takes time")
        stepSeconds = step.seconds
    }

    /// Takes the next sample's time.
    ///
    /// - Returns: how many places it lies after the one before: 1 is the next one, more means a gap. 0 is a second sample
    ///   at the same place.
    package mutating func advance(to now: Instant) -> Int {
        guard now.seconds.isFinite else { return 0 }
        guard let first = origin else {
            (origin, place, latest) = (now.seconds, 0, now)
            return 1
        }
        if now < latest {
            jumpsBack += 1
            place += 1
            (origin, latest) = (now.seconds - Double(place) * stepSeconds, now)
            return 1
        }
        let next = Int(min((now.seconds - first) / stepSeconds, 1e15).rounded())
        let places = max(next - place, 0)
        if places > 0 { (place, latest) = (next, now) }
        return places
    }
}
