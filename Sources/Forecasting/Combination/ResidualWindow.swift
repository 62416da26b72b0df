internal import RealModule

/// The latest residuals of a forecast, sorted: their quantiles are what it will miss by.
///
/// Split conformal prediction: of n residuals the one of rank `(n + 1) q` bounds the next with probability q, whatever
/// their distribution (Vovk, Gammerman and Shafer 2005). Between ranks it is linear; beyond the outermost rank the tail is
/// taken as exponential with the mean excess over the quantile 0.8 (peaks over threshold, Pickands 1975).
package struct ResidualWindow: Hashable, Sendable, Codable {
    private let capacity: Int
    private var inOrderOfTime: [Float] = []
    private var sorted: [Float] = []
    private var next = 0

    /// - Parameter capacity: residuals kept, at least 1.
    package init(capacity: Int) { self.capacity = capacity }

    package var count: Int { sorted.count }

    package mutating func append(_ residual: Double) {
        let value = Float(residual)
        if sorted.count < capacity {
            inOrderOfTime.append(value)
            sorted.insert(value, at: lowerBound(value))
            return
        }
        let oldest = inOrderOfTime[next]
        inOrderOfTime[next] = value
        next = next + 1 == capacity ? 0 : next + 1
        replace(oldest, with: value)
    }

    /// Moves only what lies between the two.
    private mutating func replace(_ old: Float, with new: Float) {
        var index = lowerBound(old)
        sorted.withUnsafeMutableBufferPointer { sorted in
            if new > old {
                while index + 1 < sorted.count, sorted[index + 1] < new {
                    sorted[index] = sorted[index + 1]
                    index += 1
                }
            } else {
                while index > 0, sorted[index - 1] > new {
                    sorted[index] = sorted[index - 1]
                    index -= 1
                }
            }
            sorted[index] = new
        }
    }

    private func lowerBound(_ value: Float) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The quantile of that level, above 0 and below 1; 0 while the window is empty.
    package func quantile(_ level: Double) -> Double {
        guard let last = sorted.last else { return 0 }
        let rank = level * Double(sorted.count + 1) - 1
        if rank <= 0 { return Double(sorted[0]) - tail(at: level, from: 0.2) }
        if rank >= Double(sorted.count - 1) { return Double(last) + tail(at: 1 - level, from: 0.2) }
        let below = Int(rank)
        let fraction = rank - Double(below)
        return Double(sorted[below]) * (1 - fraction) + Double(sorted[below + 1]) * fraction
    }

    /// How far beyond the outermost residual the quantile lies that is exceeded with this probability.
    private func tail(at probability: Double, from share: Double) -> Double {
        let outermost = 1 / Double(sorted.count + 1)
        guard sorted.count > 4, probability < outermost else { return 0 }
        return meanExcess * .log(outermost / max(probability, 1e-9))
    }

    /// Over the quantile 0.8; the tails are taken as alike, the wider one counts.
    private var meanExcess: Double {
        let size = max(sorted.count / 5, 1)
        let upper = sorted.suffix(size + 1)
        let lower = sorted.prefix(size + 1)
        guard let threshold = upper.first, let floor = lower.last else { return 0 }
        let above = upper.reduce(0) { $0 + Double($1 - threshold) } / Double(size)
        let below = lower.reduce(0) { $0 + Double(floor - $1) } / Double(size)
        return max(above, below) / 2
    }

    // MARK: Codable

    private enum CodingKeys: String, CodingKey { case capacity, inOrderOfTime, next }

    /// The sorted copy is made anew: windows are most of what a forecaster remembers.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        capacity = try container.decode(Int.self, forKey: .capacity)
        inOrderOfTime = try container.decode([Float].self, forKey: .inOrderOfTime)
        next = try container.decode(Int.self, forKey: .next)
        let isSound = capacity > 0 && inOrderOfTime.count <= capacity && (0..<capacity).contains(next)
        guard isSound, inOrderOfTime.allSatisfy(\.isFinite) else {
            throw DecodingError.dataCorruptedError(
                forKey: .inOrderOfTime, in: container, debugDescription: "these are no residuals of a window")
        }
        sorted = inOrderOfTime.sorted()
    }
}
