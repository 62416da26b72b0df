/// Lengths of time in seconds. A quantile is nil where that share of the requests never got there.
package struct LatencySummary: Hashable, Sendable, Encodable {
    package var count: Int
    /// Of those that got there; nil when none did.
    package var mean: Double?
    package var p50: Double?
    package var p90: Double?
    package var p95: Double?
    package var p99: Double?
    package var p999: Double?
    package var max: Double?

    private enum CodingKeys: String, CodingKey {
        case count, mean, p50, p90, p95, p99, p999, max
    }

    /// Every member is written, those without a value as null.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        try container.encode(mean, forKey: .mean)
        try container.encode(p50, forKey: .p50)
        try container.encode(p90, forKey: .p90)
        try container.encode(p95, forKey: .p95)
        try container.encode(p99, forKey: .p99)
        try container.encode(p999, forKey: .p999)
        try container.encode(max, forKey: .max)
    }
}
