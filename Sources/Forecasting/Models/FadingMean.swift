/// A mean per step whose memory is a number of steps. The first values are averaged plainly, so that it starts without bias.
package struct FadingMean: Hashable, Sendable, Codable {
    private let weightMin: Double
    private var count = 0.0
    /// 0 before the first value.
    package private(set) var value = 0.0

    /// - Parameter steps: a value's weight falls by a factor of about e in so many; at least 1.
    package init(steps: Double) { weightMin = 1 / max(steps, 1) }

    package mutating func append(_ measured: Double) {
        count += 1
        value += (measured - value) * max(1 / count, weightMin)
    }
}
