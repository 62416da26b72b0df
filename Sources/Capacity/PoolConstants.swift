internal import Routing

/// What the formula cannot say, fitted to simulated pools (docs/capacity.md): up to eight numbers for each order of dispatch.
struct PoolConstants: Hashable, Sendable {
    /// Share of the variability of one line that stays when arrivals are dealt out to many replicas by least work: 0 would be
    /// perfect turns, 1 chance.
    var dealt: Double
    /// On the variance of the number of requests that decode.
    var batch: Double
    /// On the variability of the line in front of prefill.
    var line: Double
    /// On the variance of prefill beside the tokens of one answer ...
    var beside: Double
    /// ... and the part of it that comes from prompts' lengths.
    var lengths: Double
    /// How fast bursts show as more requests are expected (`PoolLoad.dispersion(expecting:growth:)`).
    var growth: Double
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
                dealt: 0.012, batch: 2.69, line: 1.012, beside: 2.72, lengths: 0.254, growth: 0.233, lingering: 0,
                sparing: 0)
        case .slo:
            PoolConstants(
                dealt: 0, batch: 0.914, line: 0.887, beside: 4.21, lengths: 0.371, growth: 0.208, lingering: 0.157,
                sparing: 4.02)
        }
    }
}
