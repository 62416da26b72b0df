internal import Sampling

/// A distribution of token counts, given by points of its cumulative distribution function.
package struct TokenDistribution: Sendable {
    /// A point of the function.
    package struct Point: Hashable, Sendable {
        /// Tokens, zero or more.
        package var tokens: Double
        /// Share of requests with at most so many tokens, 0 ... 1.
        package var share: Double

        package init(tokens: Double, share: Double) {
            self.tokens = tokens
            self.share = share
        }
    }

    /// In ascending order of tokens and shares; at least one.
    package let points: [Point]

    /// Nil without points, or when tokens or shares are not ascending within 0 ... and 0 ... 1.
    package init?(points: [Point]) {
        guard let first = points.first, let last = points.last, first.tokens >= 0, first.share >= 0, last.share <= 1,
            zip(points, points.dropFirst()).allSatisfy({ $0.tokens <= $1.tokens && $0.share <= $1.share })
        else { return nil }
        self.points = points
    }

    /// Token count at a share, by linear interpolation between the points; their first and last value beyond them.
    package func tokens(atShare share: Double) -> UInt32 {
        var low = 0
        var high = points.count
        while low < high {
            let middle = (low + high) / 2
            if points[middle].share < share { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return Self.whole(points[0].tokens) }
        guard low < points.count else { return Self.whole(points[points.count - 1].tokens) }
        let (left, right) = (points[low - 1], points[low])
        let fraction = right.share > left.share ? (share - left.share) / (right.share - left.share) : 1
        return Self.whole(left.tokens + (right.tokens - left.tokens) * fraction)
    }

    private static func whole(_ tokens: Double) -> UInt32 { UInt32(min(tokens.rounded(), Double(UInt32.max))) }

    /// A draw, by inversion.
    package func draw(using generator: inout some RandomNumberGenerator) -> UInt32 {
        tokens(atShare: generator.uniform())
    }
}
