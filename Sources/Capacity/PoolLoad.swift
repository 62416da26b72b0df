internal import RealModule

/// What a pool of equal replicas is asked to carry.
struct PoolLoad: Hashable, Sendable {
    /// Requests per second and replica.
    var rate: Double
    /// Replicas that share one queue.
    var replicas: Double
    /// Variance over mean of the number of arrivals in the time that a request stays; 1 is Poisson.
    var dispersion: Double

    /// Dispersion of the arrivals of a time in which so many are expected.
    ///
    /// Clusters show in full only where many requests come: `1 + (I - 1) (x / (x + I))^p`, which follows renewal processes with
    /// gamma gaps well. It grows with the number expected, and with `I`.
    ///
    /// - Parameters:
    ///   - expected: arrivals of the whole pool, 0 or more.
    ///   - growth: the power `p`, above 0 and below 1.
    /// - Returns: between 1 and the dispersion of long times.
    func dispersion(expecting expected: Double, growth: Double) -> Double {
        1 + (dispersion - 1) * Double.pow(expected / (expected + dispersion), growth)
    }
}
