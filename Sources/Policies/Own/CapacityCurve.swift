package import Performance
internal import RealModule

/// What a pool of replicas carries within the objective, in steady replicas.
///
/// Pooled replicas carry more than as many times one, but how much more depends on what binds: requests that queue share
/// their reserve (it grows as a square root, Halfin and Whitt 1981), a batch that is too large for the inter-token
/// objective does not. So the rates of pools of some sizes are measured (`OperatingPoint.pools`), and those between are
/// interpolated over the logarithm of the size. Outside, the rate of the nearest size holds.
package struct CapacityCurve: Sendable {
    /// Steady replicas per replica, by size, smallest first.
    private let points: [(logReplicas: Double, share: Double)]

    /// - Parameter point: an operating point; without pools every replica counts as one.
    package init(_ point: OperatingPoint) {
        points = point.pools.filter { $0.rate > 0 }.map {
            (Double.log(Double($0.replicas)), $0.rate / point.steadyRate)
        }
    }

    /// Steady replicas that a pool carries.
    func capacity(of replicas: Int) -> Double {
        Double(replicas) * share(of: replicas)
    }

    /// Steady replicas per replica of the largest pool that was measured: what is left when chance evens out.
    var largestShare: Double { points.last?.share ?? 1 }

    /// The smallest pool that carries a demand; 0 without demand.
    func replicas(for demand: Double) -> Int {
        guard demand > 0 else { return 0 }
        // No replica carries more than in the largest pool.
        var count = max(Int(demand / (points.last?.share ?? 1)), 1)
        while capacity(of: count) < demand - 1e-9 { count += 1 }
        return count
    }

    /// What rounding up to a whole replica adds to a fleet for a demand, in replicas, 0 ..< 1: what the smallest pool carries
    /// beyond the demand, as a part of what its last replica adds.
    package func excess(for demand: Double) -> Double {
        let count = replicas(for: demand)
        guard count > 0 else { return 0 }
        let (whole, less) = (capacity(of: count), capacity(of: count - 1))
        return max((whole - demand) / (whole - less), 0)
    }

    private func share(of replicas: Int) -> Double {
        guard let first = points.first, let last = points.last, replicas > 0 else { return 1 }
        let position = Double.log(Double(replicas))
        guard position > first.logReplicas else { return first.share }
        guard let above = points.firstIndex(where: { $0.logReplicas >= position }) else { return last.share }
        let (low, high) = (points[above - 1], points[above])
        return low.share
            + (high.share - low.share) * (position - low.logReplicas) / (high.logReplicas - low.logReplicas)
    }
}
