/// Counts token lengths exactly, whatever the number of requests.
package struct TokenHistogram: Sendable {
    /// Lengths below this have a counter of their own: 8 MB at most.
    private static let denseMax = 1 << 20

    private var dense: [UInt64] = []
    private var large: [UInt32] = []
    private var sum = 0.0
    package private(set) var count = 0
    /// The largest length; 0 without requests.
    package private(set) var max: UInt32 = 0

    package init() {}

    package mutating func add(_ tokens: UInt32) {
        count += 1
        sum += Double(tokens)
        max = Swift.max(max, tokens)
        guard tokens < Self.denseMax else { return large.append(tokens) }
        while dense.count <= Int(tokens) {
            dense.append(contentsOf: repeatElement(0, count: Swift.max(dense.count, 1_024)))
        }
        dense[Int(tokens)] += 1
    }

    /// Mean length; 0 without requests.
    package var mean: Double { count == 0 ? 0 : sum / Double(count) }

    /// The sorted element number `ceil(share (N-1))`, counted from 0; 0 without requests. `share` lies in 0 ... 1.
    package func quantile(_ share: Double) -> UInt32 {
        guard count > 0 else { return 0 }
        var rank = Int((share * Double(count - 1)).rounded(.up))
        for (tokens, number) in dense.enumerated() where number > 0 {
            if rank < Int(number) { return UInt32(tokens) }
            rank -= Int(number)
        }
        return large.sorted()[rank]
    }
}
