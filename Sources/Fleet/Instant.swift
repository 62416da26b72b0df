/// A point in time: seconds since an origin that the shell chooses (the start of a run, or of the process).
///
/// Decisions compare and subtract instants; they never ask a clock for one.
package struct Instant: Hashable, Comparable, Sendable {
    /// Seconds since the origin; may be negative (a warm-up comes before time zero).
    package var seconds: Double

    /// - Parameter seconds: seconds since the origin; not NaN.
    @inlinable
    package init(seconds: Double) {
        self.seconds = seconds
    }

    @inlinable
    package static func < (left: Instant, right: Instant) -> Bool { left.seconds < right.seconds }

    @inlinable
    package static func + (instant: Instant, interval: Duration) -> Instant {
        Instant(seconds: instant.seconds + interval.seconds)
    }

    @inlinable
    package static func - (instant: Instant, interval: Duration) -> Instant {
        Instant(seconds: instant.seconds - interval.seconds)
    }

    /// Seconds from `earlier` to this instant; negative when it lies before.
    @inlinable
    package func seconds(since earlier: Instant) -> Double { seconds - earlier.seconds }
}

extension Duration {
    /// The interval in seconds, rounded to the nearest representable number.
    @inlinable
    package var seconds: Double {
        let (whole, attoseconds) = components
        return Double(whole) + Double(attoseconds) * 1e-18
    }
}
