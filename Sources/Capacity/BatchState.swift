internal import RealModule

/// The mean state of one replica under a load, and how it fluctuates.
///
/// In a second, prefill takes `rho = r w`; the rest serves iterations of `tau = c0 + b n`, so `r m` tokens a second want
/// `n (1 - rho) / tau = r m`, that is `n = r m c0 / (1 - rho - r m b)`.
struct BatchState {
    /// Standard deviations from the mean, and weights: Gauss and Hermite's rule of seven points, for a normal number.
    static let nodes: [(deviations: Double, weight: Double)] = [
        (-3.750439717725742, 0.000548268855972), (-2.366759410734541, 0.030757123967586),
        (-1.154405394739968, 0.240123178605013), (0, 0.457142857142857),
        (1.154405394739968, 0.240123178605013), (2.366759410734541, 0.030757123967586),
        (3.750439717725742, 0.000548268855972),
    ]

    let load: PoolLoad
    let decodes: Bool
    /// Requests that decode.
    let mean: Double
    /// Seconds of an iteration without prefill.
    let iteration: Double
    /// Seconds from the first token to the last of a request.
    let life: Double
    /// Of the arrivals during a life.
    let dispersion: Double
    private let standardDeviation: Double
    /// Seconds from token to token, prefill included.
    private let tokenSeconds: Double
    /// Relaxation of the number that decodes, per second.
    private let relaxation: Double

    /// Nil where work exceeds what a replica does.
    init?(_ model: TokenModel, _ load: PoolLoad) {
        self.load = load
        let rho = load.rate * model.prefillMean
        let decoded = load.rate * model.classes.decodedMean
        let left = 1 - rho - decoded * model.perSequence
        guard left > 0 else { return nil }
        decodes = decoded > 0
        mean = decoded * model.base / left
        iteration = model.base + model.perSequence * mean
        tokenSeconds = iteration / (1 - rho)
        life = model.classes.decodedMean * tokenSeconds
        relaxation = decodes ? model.base / iteration / life : 0
        dispersion = load.dispersion(expecting: load.replicas * mean, growth: model.constants.growth)
        let spread = (1 + dispersion) / 2 * iteration / model.base / load.replicas
        standardDeviation = (mean * spread * model.constants.batch).squareRoot()
    }

    /// The number that decodes, so many standard deviations from its mean.
    func batch(_ deviations: Double) -> Double {
        decodes ? max(mean + standardDeviation * deviations, 0.02 * mean) : 0
    }

    /// Standard deviation of the number that decodes, averaged over the life of a request of so many tokens.
    func deviation(tokens: Double) -> Double {
        standardDeviation * Self.averaging(tokens * tokenSeconds * relaxation).squareRoot()
    }

    /// Variance that is left of an exponentially correlated process when it is averaged over `x` correlation times.
    private static func averaging(_ x: Double) -> Double {
        guard x > 1e-3 else { return 1 }
        return 2 / x * (1 - (1 - Double.exp(-x)) / x)
    }
}
