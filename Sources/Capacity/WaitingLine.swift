internal import RealModule

/// The wait in front of a pool of servers that share one line, GI/G/c, as an exponential tail:
/// `P(wait > t) = P(delayed) e^(-eta t)`.
///
/// `P(delayed)` is that of Halfin and Whitt (1981) with the variability of arrivals and services in place of the Poisson
/// process's, `eta` the heavy-traffic decay of Kingman and of Köllerström (1974). Both continue smoothly into overload, where
/// the loss formula needs them.
struct WaitingLine {
    /// Work over what all servers do.
    let utilization: Double
    /// P(delayed); 1 in overload.
    let delayed: Double
    private let decay: Double

    /// - Parameters:
    ///   - utilization: above 0; may exceed 1.
    ///   - servers: above 0.
    ///   - service: mean seconds of one service, above 0.
    ///   - variability: mean of the squared variation of arrivals and of services, above 0; 1 for M/M/c.
    init(utilization: Double, servers: Double, service: Double, variability: Double) {
        self.utilization = utilization
        delayed = Tails.delayed((1 - utilization) * (servers / variability).squareRoot())
        decay = servers * (1 - utilization) / (service * variability)
    }

    /// P(wait > t); 1 in overload.
    func late(after seconds: Double) -> Double { min(tail(seconds), 1) }

    /// Share of requests that miss a limit of `t` when those who will miss it are passed over: the loss of a system with limited
    /// waits, `(1 - u) P / (1 - u P)` with P the tail above; as in de Kok and Tijms (1985),
    /// and `1 - 1/u` at least.
    func lost(after seconds: Double) -> Double {
        let u = abs(utilization - 1) < 1e-6 ? 1 - 1e-6 : utilization
        let p = tail(seconds)
        let share = (1 - u) * p / (1 - u * p)
        return min(max(share, u > 1 ? 1 - 1 / u : 0), 1)
    }

    private func tail(_ seconds: Double) -> Double {
        delayed * Double.exp(min(max(-decay * max(seconds, 0), -50), 50))
    }
}

extension Tails {
    /// P(delayed) of Halfin and Whitt: `1 / (1 + b Phi(b) / phi(b))`; 1 far in overload.
    static func delayed(_ b: Double) -> Double {
        guard b > -5 else { return 1 }
        guard b < 30 else { return 0 }
        let density = Double.exp(-b * b / 2) / (2 * Double.pi).squareRoot()
        return density / (density + b * normal(b))
    }
}
