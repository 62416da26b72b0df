internal import Fleet
internal import Sampling

/// Start-up times of a run: the k-th start takes the k-th draw of the seed, whatever the policy.
package struct StartUps {
    private let model: StartUpModel
    private var generator: SeededGenerator
    private let given: [Double]
    private(set) var count = 0

    /// - Parameters:
    ///   - model: what times are drawn from.
    ///   - seed: of the run.
    ///   - given: the first times, instead of draws.
    package init(_ model: StartUpModel, seed: UInt64, given: [Double] = []) {
        self.model = model
        self.given = given
        generator = SeededGenerator(seed: seed, stream: 1)
    }

    /// Seconds that the next start takes: lognormal with `sigma = ln(p95 / median) / 1.6449`.
    package mutating func next() -> Double {
        defer { count += 1 }
        guard count >= given.count else { return given[count] }
        guard model.spread > 1 else { return model.median.seconds }
        return generator.lognormal(median: model.median.seconds, sigma: model.sigma)
    }
}
