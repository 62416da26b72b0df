/// The few settings of Tideway's policy. The defaults serve all traffic; `docs/policy-details.md` says what each is for,
/// and `TidewayParameter` how others know it.
package struct TidewaySettings: Hashable, Sendable {
    /// Caution of a fresh start: 0 plans at the lowest quantile, 1 at the highest.
    package var caution = 0.6
    /// The quantiles of the forecast's errors that are planned for at caution 0 and 1.
    package var quantiles = 0.05...0.95
    /// Seconds of mean traffic that have to be missed to move caution by 1.
    package var missedSecondsPerCaution = 24.0
    /// The part of the misses that the objective allows which is aimed at; the rest is reserve.
    package var missTargetShare = 0.8
    /// Share of the work that surges may make late, at the caution of a fresh start; by `exp(4)` less per unit of caution.
    package var surgeLateShare = 0.06
    /// What it is worth that more work than that is not late, in replica-seconds held for each; by `exp(4)` more per unit of caution.
    package var lateWorkValue = 6.0
    /// How long surges are remembered, in seconds.
    package var surgeMemorySeconds = 1800.0
    /// A rate this many times what was planned for is a surge.
    package var surgeThreshold = 1.5
    /// What a surge is feared to be before one was seen, as a multiple of the mean of the last half hour.
    package var fearedSurge = 4.0
    /// What a restart costs, in absences: of a replica that a surge needed, or any where bursts were measured; and of any other.
    package var surgePenalty = 4.0
    package var penalty = 1.0

    package init() {}
}
