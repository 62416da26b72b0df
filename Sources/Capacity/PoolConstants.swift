internal import Routing

/// What the formula cannot say, fitted to simulated pools (docs/capacity-formula.md): nine numbers, and two more in the order `slo`.
struct PoolConstants: Hashable, Sendable {
    /// On the variance of the number of requests that decode.
    var batch: Double
    /// On the variability of the line in front of prefill.
    var line: Double
    /// How fast bursts show as more requests are expected (`PoolLoad.dispersion(expecting:growth:)`).
    var growth: Double
    /// On the dispersion that one replica sees of arrivals that are dealt out to all in turns.
    var turns: Double
    /// Variance of the gap to the next prompt, of its squared mean, where others decode there too: a replica that they leave is
    /// filled up again, by several short requests or a long one ...
    var refill: Double
    /// ... the more, the more sizes differ.
    var refillLengths: Double
    /// Requests decoding on a replica from which that shows.
    var crowd: Double
    /// How much sooner the next prompt follows a small request than a large one.
    var sizes: Double
    /// Share of the own prefill's time in which others are taken in behind it.
    var waiting: Double
    /// In the order `slo`: how far passing over the late falls short of dropping them, for they are served all the same.
    var lingering: Double
    /// Power with which pacing spares longer answers; unused first come, first served.
    var sparing: Double

    /// Below this, arrivals are as good as regular.
    static let variabilityMin = 0.02

    static func fitted(_ order: DispatchOrder) -> PoolConstants {
        switch order {
        case .fcfs:
            PoolConstants(
                batch: 4.19, line: 1.033, growth: 0.16, turns: 1.62, refill: 1.418, refillLengths: 0.33, crowd: 1.234,
                sizes: 1.94, waiting: 0.304, lingering: 0, sparing: 0)
        case .slo:
            PoolConstants(
                batch: 1.13, line: 1.049, growth: 0.169, turns: 1.496, refill: 1.186, refillLengths: 2.21, crowd: 1.96,
                sizes: 2.42, waiting: 0.471, lingering: 0.078, sparing: 2.23)
        }
    }
}
