package import Fleet

/// The largest of the values of the last while; a value leaves when it is `window` old.
///
/// Kept are only values that no later one has overtaken, so their number stays small.
package struct SlidingMaximum: Sendable {
    private let window: Double
    private var candidates: [(at: Double, value: Double)] = []

    /// - Parameter window: how long a value counts.
    package init(window: Duration) { self.window = window.seconds }

    /// Takes in a value and tells the largest now.
    ///
    /// - Parameters:
    ///   - value: not NaN.
    ///   - now: never earlier than before.
    /// - Returns: the largest value younger than the window, this one included.
    package mutating func append(_ value: Double, at now: Instant) -> Double {
        candidates.removeAll { now.seconds - $0.at >= window || $0.value <= value }
        candidates.append((now.seconds, value))
        return candidates[0].value
    }
}
