/// All of a series at a resolution that halves as it grows: at most 2,048 bins, however long it runs.
package struct BinnedHistory: Hashable, Sendable, Codable {
    package static let binsMax = 2_048

    /// Means, in order of time.
    package private(set) var bins: [Double] = []
    /// Samples in a bin.
    package private(set) var width = 1
    private var sum = 0.0
    private var count = 0

    package init() {}

    package mutating func append(_ value: Double) {
        sum += value
        count += 1
        guard count == width else { return }
        bins.append(sum / Double(width))
        (sum, count) = (0, 0)
        guard bins.count == Self.binsMax else { return }
        bins = stride(from: 0, to: bins.count, by: 2).map { (bins[$0] + bins[$0 + 1]) / 2 }
        width *= 2
    }
}
