package import Capacity
internal import RealModule
internal import Simulation

/// Measures by short trials what some pools carry, in steady and in bursty traffic, so that the formula for capacity can be
/// corrected by them: it knows how needs grow with load, size and bursts, trials know how much one pool carries.
package struct PoolCalibration: Sendable {
    /// Pools that are tried.
    package static let sizes = [2, 4, 8, 32, 128]
    /// Dispersions of their arrivals.
    static let dispersions = [1.0, 4, 16]
    /// Requests of one trial, about.
    package static let requests = 30_000
    /// Seconds of one trial that are measured.
    static let seconds = 30.0...14_400
    /// Of no other trial: what is checked later is not what was fitted.
    static let seed: UInt64 = 7919
    /// The first step away from the formula's rate, as a logarithm; each further one is twice as long.
    static let firstStep = 0.08
    /// Steps until a pool counts as one that carries nothing: a twelfth of the formula's rate.
    static let stepsMax = 5
    /// Logarithm of two rates that count as one.
    static let precision = 0.012

    private let trial: PoolTrial
    private let attainmentTarget: Double
    private let requests: Int
    private let sizes: [Int]

    /// - Parameters:
    ///   - trial: how pools are run.
    ///   - attainmentTarget: share of the requests that must be good.
    ///   - requests: of one trial, about.
    ///   - sizes: of the pools that are tried.
    package init(
        _ trial: PoolTrial, attainmentTarget: Double, requests: Int = PoolCalibration.requests,
        sizes: [Int] = PoolCalibration.sizes
    ) {
        self.trial = trial
        self.attainmentTarget = attainmentTarget
        self.requests = requests
        self.sizes = sizes
    }

    /// What each pool carries, searched from the formula's answer on.
    ///
    /// - Parameter capacity: the formula; pools that carry nothing by it are left out.
    /// - Returns: sizes times dispersions, at most.
    package func measurements(around capacity: PoolCapacity) -> [PoolCapacity.Measurement] {
        Self.dispersions.flatMap { dispersion in
            sizes.compactMap { replicas in
                let expected = capacity.rate(replicas: replicas, dispersion: dispersion)
                guard expected > 0 else { return nil }
                let rate = largestRate(near: expected, replicas: replicas, dispersion: dispersion)
                return PoolCapacity.Measurement(
                    replicas: replicas, dispersion: dispersion, rate: rate / Double(replicas))
            }
        }
    }

    /// Steps away until the answer changes, and bisects the last step.
    private func largestRate(near expected: Double, replicas: Int, dispersion: Double) -> Double {
        func carries(_ logRate: Double) -> Bool {
            let outcome = trial.outcome(
                rate: Double.exp(logRate), dispersion: dispersion, replicas: replicas, requests: requests,
                seconds: Self.seconds, seed: Self.seed)
            return outcome.attainment >= attainmentTarget
        }
        var from = Double.log(expected)
        let isGood = carries(from)
        var step = isGood ? Self.firstStep : -Self.firstStep
        var steps = 0
        while carries(from + step) == isGood {
            from += step
            step *= 2
            steps += 1
            guard steps < Self.stepsMax else { return isGood ? Double.exp(from) : 0 }
        }
        var (low, high) = isGood ? (from, from + step) : (from + step, from)
        while high - low > Self.precision {
            let middle = (low + high) / 2
            if carries(middle) { low = middle } else { high = middle }
        }
        return Double.exp(low)
    }
}
