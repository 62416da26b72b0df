package import Fleet
internal import RealModule

/// A mean in which a measurement's weight falls by a factor of e in `seconds`. A gap ages what was known; it adds nothing.
package struct DecayingMean: Hashable, Sendable, Codable {
    private let seconds: Double
    /// The mean; 0 before the first measurement.
    package private(set) var value = 0.0
    private var weight = 0.0
    private var last: Instant?

    /// - Parameter seconds: time constant, above 0.
    package init(seconds: Double) {
        precondition(seconds > 0, "a mean needs time")
        self.seconds = seconds
    }

    /// Takes in a measurement. The first ones are averaged plainly, so that the start has no bias towards 0.
    package mutating func append(_ measured: Double, at now: Instant) {
        let elapsed = last.map { now.seconds(since: $0) } ?? 0
        weight = weight * .exp(-elapsed / seconds) + 1
        value += (measured - value) / weight
        last = now
    }
}
