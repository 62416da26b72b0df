/// A measurement as it reached a decision. Absent is never zero.
package enum Observation<Value> {
    /// Measured, and recent enough to act on.
    case value(Value, at: Instant)
    /// The last one known, too old to scale down on.
    case stale(Value, since: Instant)
    /// There is none.
    case missing(Reason)

    /// Why there is no measurement. The set is closed, so that it can label a metric.
    package enum Reason: String, Sendable {
        /// Nothing has been measured since the start.
        case neverSeen = "never_seen"
        /// The source did not answer, or its answers were lost.
        case sourceLost = "source_lost"
        /// The source answered with something that cannot be true.
        case implausible
    }

    /// The last value known, fresh or stale; nil when missing.
    package var lastKnown: Value? {
        switch self {
        case .value(let value, _), .stale(let value, _): value
        case .missing: nil
        }
    }

    /// The value when it is fresh; nil when stale or missing.
    package var freshValue: Value? {
        switch self {
        case .value(let value, _): value
        case .stale, .missing: nil
        }
    }

    /// Whether the value is fresh.
    package var isFresh: Bool {
        switch self {
        case .value: true
        case .stale, .missing: false
        }
    }
}

extension Observation: Sendable where Value: Sendable {}
extension Observation: Equatable where Value: Equatable {}
extension Observation: Hashable where Value: Hashable {}
