package import Fleet

/// Where one replica should run: what rate and concurrency policies take as their target.
package struct OperatingPoint: Hashable, Sendable {
    /// Largest Poisson rate per replica, in requests per second, at which the objective's share is good on a fixed fleet.
    package var steadyRate: Double
    /// Requests in flight per replica at that rate.
    package var steadyConcurrency: Double
    /// The fluid batch size `n*`.
    package var fluidBatch: Double
    /// The workload's means, as known beforehand.
    package var shape: RequestShape
    /// The steady rate per replica of pools of other sizes, smallest first; rates do not fall. Empty when not known.
    package var pools: [PoolRate]
    /// In the order `slo`: the share of the inter-token objective that a replica fills, with which the rates were found. Nil
    /// first come, first served, and where no rate was found by trials.
    package var pacing: Double?
    /// Of the requests that miss their limits where a fleet is a little too small, the share whose first token is late, 0 ... 1:
    /// 1 where requests queue then, 0 where only their answers become slower. Nil where nobody tried.
    package var queueingShare: Double?
    /// What engines of other speeds mean for a pool, by `fluid`, smallest first. Empty where nobody worked it out.
    package var slowdowns: [Slowdown] = []

    /// What each replica of a pool carries.
    package struct PoolRate: Hashable, Sendable {
        package var replicas: Int
        /// Requests per second and replica.
        package var rate: Double

        package init(replicas: Int, rate: Double) {
            self.replicas = replicas
            self.rate = rate
        }
    }

    package init(
        steadyRate: Double, steadyConcurrency: Double, fluidBatch: Double, shape: RequestShape, pools: [PoolRate] = []
    ) {
        self.steadyRate = steadyRate
        self.steadyConcurrency = steadyConcurrency
        self.fluidBatch = fluidBatch
        self.shape = shape
        self.pools = pools
    }

    /// What an engine of another speed carries less, as factors on the replicas that a load needs.
    package struct Slowdown: Hashable, Sendable {
        /// Of a fluid of requests, in which nothing varies.
        package var fluid: Double
        /// Of a pool that keeps the objective's share of requests good: far more where the time between tokens was just enough for
        /// an iteration with prefill in it.
        package var pool: Double

        package init(fluid: Double, pool: Double) {
            self.fluid = fluid
            self.pool = pool
        }
    }

    /// Factor on the replicas that a load needs, where a fluid of requests needs so many times as many.
    ///
    /// - Parameter fluid: above 0; 1 for the engine of the profile.
    /// - Returns: `fluid` itself where nobody worked out more. Of slower engines than the slowest known, its factor or `fluid`,
    ///   whichever is more; of faster ones than the fastest, in its ratio.
    package func slowness(fluid: Double) -> Double {
        guard let first = slowdowns.first, let last = slowdowns.last else { return fluid }
        guard fluid > first.fluid else { return fluid * first.pool / first.fluid }
        guard let above = slowdowns.firstIndex(where: { $0.fluid >= fluid }) else { return max(last.pool, fluid) }
        let (low, high) = (slowdowns[above - 1], slowdowns[above])
        return low.pool + (high.pool - low.pool) * (fluid - low.fluid) / (high.fluid - low.fluid)
    }
}
