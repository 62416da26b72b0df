internal import Performance

/// How a pool fares under a load.
protocol PoolModel: Sendable {
    /// Share of requests within all their limits; 0 where the pool cannot keep up. It does not grow with the rate.
    func attainment(_ load: PoolLoad) -> Double

    /// Requests per second and replica that no pool of any size exceeds.
    var rateMax: Double { get }
}

extension PoolModel {
    /// The search ends when the rate is known to this share of the largest.
    private static var precision: Double { 1e-4 }

    /// The largest rate per replica at which the share is reached, in requests per second.
    ///
    /// - Parameters:
    ///   - replicas: of the pool, at least 1.
    ///   - dispersion: of arrivals, above 0.
    ///   - attainment: what must be reached.
    ///   - bounds: rates between which it is sought; the lower one is taken to be carried.
    /// - Returns: the lower bound when no larger rate reaches the share.
    func rate(replicas: Double, dispersion: Double, attainment: Double, within bounds: ClosedRange<Double>) -> Double {
        var (low, high) = (bounds.lowerBound, bounds.upperBound)
        while high - low > Self.precision * rateMax {
            let middle = (low + high) / 2
            let load = PoolLoad(rate: middle, replicas: replicas, dispersion: dispersion)
            if self.attainment(load) >= attainment { low = middle } else { high = middle }
        }
        return low
    }
}
