package import Traces

/// A trace's history in two: what settings are searched on, and what is held out.
package struct HistorySplit: Sendable {
    /// The first part, warm-up included.
    package let searched: Trace
    /// The instant in seconds at which the second part begins. It is measured on the whole trace from here on, so that the
    /// policy has learned from what came before.
    package let heldOutFrom: Double

    /// Each part lasts so long at least, in seconds, and has as many requests: of 1000 ten may be missed at 99 %.
    package static let secondsMin = 600.0
    package static let requestsMin = 1000

    /// Splits a trace; nil when a part would be too short to tell anything.
    ///
    /// - Parameters:
    ///   - trace: not empty.
    ///   - share: of the measured time that is held out, above 0 and below 1.
    ///   - measureFrom: where measuring begins, in seconds.
    package init?(_ trace: Trace, share: Double, measureFrom: Double) {
        let period = trace.lastArrival - measureFrom
        let instant = (trace.lastArrival - share * period).rounded()
        guard min(instant - measureFrom, trace.lastArrival - instant) >= Self.secondsMin else { return nil }
        var first = trace.window(trace.firstArrival..<instant, rezeroed: false)
        first.name = trace.name
        let measured = first.count - first.firstIndex(from: measureFrom)
        guard min(measured, trace.count - first.count) >= Self.requestsMin else { return nil }
        searched = first
        heldOutFrom = instant
    }
}
