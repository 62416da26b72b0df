internal import Sampling

/// Arrivals at a rate that changes from bin to bin, with a stated burstiness.
///
/// At burstiness 1 the number in a bin is Poisson and the arrivals are uniform order statistics. Otherwise a renewal
/// process with gamma gaps of mean 1 and that coefficient of variation runs in operational time (the integral of the
/// rate), started in its stationary state: Gerhardt and Nelson, "Transforming renewal processes for simulation of
/// nonstationary arrival processes" (INFORMS Journal on Computing, 2009).
struct ArrivalProcess {
    private let burstiness: Double
    /// Operational time to the next arrival; unused at burstiness 1.
    private var untilNext: Double = 0

    /// `burstiness` is the coefficient of variation of the gaps at a constant rate, above zero.
    init(burstiness: Double, using generator: inout some RandomNumberGenerator) {
        precondition(burstiness > 0 && burstiness.isFinite, "burstiness is above zero")
        self.burstiness = burstiness
        guard burstiness != 1 else { return }
        // The rest of the gap that a random moment falls into: a length-biased gap (one more in shape), cut uniformly.
        untilNext = generator.gamma(shape: shape + 1, scale: 1 / shape) * generator.uniformOpen()
    }

    private var shape: Double { 1 / (burstiness * burstiness) }

    /// Appends the arrivals of a bin in ascending order.
    ///
    /// - Parameters:
    ///   - start: begin of the bin in seconds.
    ///   - width: length of the bin in seconds, above zero.
    ///   - expected: mean number of arrivals, zero or more.
    ///   - arrivals: receives them.
    ///   - generator: source of randomness.
    mutating func append(
        from start: Double, width: Double, expected: Double, to arrivals: inout [Double],
        using generator: inout some RandomNumberGenerator
    ) {
        guard burstiness != 1 else {
            let count = generator.poisson(mean: expected)
            Self.appendUniform(count, from: start, width: width, to: &arrivals, using: &generator)
            return
        }
        while untilNext < expected {
            arrivals.append(start + width * (untilNext / expected))
            untilNext += generator.gamma(shape: shape, scale: 1 / shape)
        }
        untilNext -= expected
    }

    /// Appends a given number of arrivals, uniform in the bin and in ascending order.
    static func appendUniform(
        _ count: Int, from start: Double, width: Double, to arrivals: inout [Double],
        using generator: inout some RandomNumberGenerator
    ) {
        let first = arrivals.count
        for _ in 0..<count { arrivals.append(start + width * generator.uniform()) }
        arrivals[first...].sort()
    }
}
