/// How many requests of each bin would be late in constant fleets of each size, by a fluid queue; and the replica counts that
/// are cheapest by it.
///
/// A fleet of n serves n replica-seconds per second, first come, first served. A request is late when what waits before it
/// lasts longer than its patience.
struct LateTable {
    /// Fleet sizes times bins, at most: 96 MB with what the search for the cheapest counts remembers.
    static let cellsMax = 16_000_000
    /// Fleets larger than this are not reckoned with.
    static let sizesMax = 4096

    private let bins: Int
    private let sizes: Int
    private let width: Double
    /// Late requests of a fleet of n in bin b at `(n - 1) * bins + b`. In the largest fleet nobody is late.
    private let late: [Int32]

    /// Nil when the table would be too large.
    ///
    /// - Parameters:
    ///   - demand: the requests.
    ///   - start: of the first bin in seconds, not after the first arrival.
    ///   - width: seconds of a bin, above 0.
    init?(_ demand: ClairvoyantDemand, start: Double, width: Double) {
        let bins = Int(((demand.arrivals.last?.time ?? start) - start) / width) + 1
        var late: [Int32] = []
        var size = 0
        var isLate = true
        while isLate {
            size += 1
            guard size <= LateTable.sizesMax, size * bins <= LateTable.cellsMax else { return nil }
            let row = LateTable.late(demand, size: Double(size), start: start, width: width, bins: bins)
            isLate = row.contains { $0 > 0 }
            late += row
        }
        (self.bins, self.sizes, self.width, self.late) = (bins, size, width, late)
    }

    private static func late(
        _ demand: ClairvoyantDemand, size: Double, start: Double, width: Double, bins: Int
    ) -> [Int32] {
        var row = [Int32](repeating: 0, count: bins)
        var waiting = 0.0
        var before = start
        for arrival in demand.arrivals {
            waiting = max(waiting - size * (arrival.time - before), 0)
            before = arrival.time
            if waiting > size * arrival.patience { row[Int((arrival.time - start) / width)] += 1 }
            waiting += arrival.work
        }
        return row
    }

    /// Replicas in each bin, at least 1, for the least sum of replica-seconds, starts and late requests at a price.
    ///
    /// Exact for the table, by dynamic programming over bins and sizes. The table knows nothing of what a smaller fleet left
    /// waiting before a rise.
    ///
    /// - Parameters:
    ///   - price: of a late request, in replica-seconds.
    ///   - start: of a start, in replica-seconds.
    /// - Returns: one count for each bin.
    func cheapest(price: Double, start: Double) -> [Int] {
        var costs = [Double](repeating: 0, count: sizes)
        var from = [UInt16](repeating: 0, count: sizes * bins)
        for bin in 0..<bins {
            if bin > 0 {
                let step = LateTable.step(costs, start: start)
                costs = step.costs
                from.replaceSubrange(bin * sizes..<(bin + 1) * sizes, with: step.from)
            }
            for size in 0..<sizes {
                costs[size] += Double(size + 1) * width + price * Double(late[size * bins + bin])
            }
        }
        var size = costs.indices.min { (costs[$0], $0) < (costs[$1], $1) } ?? 0
        var counts = [Int](repeating: 1, count: bins)
        for bin in stride(from: bins - 1, through: 0, by: -1) {
            counts[bin] = size + 1
            size = Int(from[bin * sizes + size])
        }
        return counts
    }

    /// The cheapest way to each size: from a larger one for nothing, from a smaller one for the price of the starts.
    private static func step(_ costs: [Double], start: Double) -> (costs: [Double], from: [UInt16]) {
        var best = costs
        var from = [UInt16](repeating: 0, count: costs.count)
        var least = (cost: Double.infinity, size: 0)
        for size in costs.indices.reversed() {
            if costs[size] <= least.cost { least = (costs[size], size) }
            best[size] = least.cost
            from[size] = UInt16(least.size)
        }
        least = (.infinity, 0)
        for size in costs.indices {
            least.cost += start
            if least.cost < best[size] {
                best[size] = least.cost
                from[size] = UInt16(least.size)
            }
            if costs[size] < least.cost { least = (costs[size], size) }
        }
        return (best, from)
    }
}
