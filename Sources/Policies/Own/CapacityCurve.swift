internal import Performance

/// What a pool of replicas carries within the objective, in steady replicas.
///
/// A fluid of requests would let each replica carry `f` (fluid rate over steady rate, above 1); random arrivals cost a
/// reserve that grows with the square root of the pool (square-root staffing: Halfin and Whitt 1981), so
/// `capacity(c) = f c - (f - 1) sqrt(8 c)`. The steady rate is measured on a pool of 8, where the curve is 8: 16 replicas
/// carry more than twice as much, one less than an eighth.
struct CapacityCurve: Hashable, Sendable {
    /// The pool on which the operating point is measured.
    static let referencePool = 8.0

    /// `f`, at least 1.
    let fluidShare: Double

    init(_ context: PolicyContext) {
        let shape = context.operatingPoint.shape
        let objectives = Objectives(context.slo, promptTokens: shape.contextTokens)
        let fluidRate =
            objectives.itl.isFinite
            ? context.profile.fluidPoint(shape, itl: objectives.itl).rate : context.operatingPoint.steadyRate
        self.init(fluidShare: max(fluidRate / context.operatingPoint.steadyRate, 1))
    }

    /// - Parameter fluidShare: what a replica of a boundless pool carries, at least 1.
    init(fluidShare: Double) {
        precondition(fluidShare >= 1, "a fluid is carried at least as well as random arrivals")
        self.fluidShare = fluidShare
    }

    /// Steady replicas that a pool carries.
    func capacity(of replicas: Int) -> Double {
        let count = Double(replicas)
        return fluidShare * count - (fluidShare - 1) * (CapacityCurve.referencePool * count).squareRoot()
    }

    /// The smallest pool that carries a demand: with `x = sqrt(c)`, the root of `f x^2 - (f - 1) sqrt(8) x - demand`.
    func replicas(for demand: Double) -> Int {
        guard demand > 0 else { return 0 }
        let linear = (fluidShare - 1) * CapacityCurve.referencePool.squareRoot()
        let root = (linear + (linear * linear + 4 * fluidShare * demand).squareRoot()) / (2 * fluidShare)
        return Int(covering: root * root)
    }
}
