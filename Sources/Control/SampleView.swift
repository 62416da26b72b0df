package import Fleet

/// What a policy may see of the samples: those taken up to `horizon`, which lies an observation delay in the past.
///
/// Windows end at the newest visible sample and reach back from there. A window that is not full yet (the run is younger)
/// is as long as there is data; a policy that must know asks `age`.
package struct SampleView: Sendable {
    private let history: SampleHistory
    private let visible: Int
    /// The newest instant that may be seen.
    package let horizon: Instant

    /// - Parameters:
    ///   - history: all samples.
    ///   - horizon: the newest instant that may be seen.
    package init(_ history: SampleHistory, through horizon: Instant) {
        self.history = history
        self.horizon = horizon
        visible = history.count(through: horizon)
    }

    package var isEmpty: Bool { visible == 0 }

    /// What somebody sees whose figures are older by `interval`.
    package func delayed(by interval: Duration) -> SampleView { SampleView(history, through: horizon - interval) }

    /// The newest visible sample; nil before the first.
    package var latest: WorkloadSample? { visible == 0 ? nil : history[visible - 1] }

    /// The newest visible sample as a measurement: fresh, stale when it was taken longer than `limit` before the horizon, or
    /// missing.
    package func observation(staleAfter limit: Duration) -> Observation<WorkloadSample> {
        guard let latest else { return .missing(.neverSeen) }
        return horizon.seconds(since: latest.at) > limit.seconds
            ? .stale(latest, since: latest.at) : .value(latest, at: latest.at)
    }

    /// Seconds between the oldest and the newest visible sample.
    package var age: Double { visible == 0 ? 0 : history[visible - 1].at.seconds(since: history[0].at) }

    /// The newest visible sample taken at least `seconds` before the latest one, or the oldest there is.
    package func sample(secondsAgo seconds: Double) -> WorkloadSample? {
        guard let latest else { return nil }
        let count = history.count(through: Instant(seconds: latest.at.seconds - seconds))
        return history[count == 0 ? 0 : count - 1]
    }

    /// Increase per second of a counter over the last `window` seconds; nil with fewer than two samples.
    package func rate(over window: Double, of counter: (WorkloadSample) -> Double) -> Double? {
        guard let latest, let earlier = sample(secondsAgo: window) else { return nil }
        let elapsed = latest.at.seconds(since: earlier.at)
        return elapsed > 0 ? (counter(latest) - counter(earlier)) / elapsed : nil
    }

    /// Mean of a gauge over the samples of the last `window` seconds (latest - window < at <= latest); nil when there are none.
    package func mean(over window: Double, of gauge: (WorkloadSample) -> Double) -> Double? {
        var sum = 0.0
        var count = 0
        forEach(over: window) {
            sum += gauge($0)
            count += 1
        }
        return count == 0 ? nil : sum / Double(count)
    }

    /// Largest value of a gauge over the samples of the last `window` seconds; nil when there are none.
    package func max(over window: Double, of gauge: (WorkloadSample) -> Double) -> Double? {
        var result: Double?
        forEach(over: window) {
            let value = gauge($0)
            result = result.map { Swift.max($0, value) } ?? value
        }
        return result
    }

    /// Visits the samples with latest - window < at <= latest, oldest first.
    package func forEach(over window: Double, _ body: (WorkloadSample) -> Void) {
        guard let latest else { return }
        let first = history.count(through: Instant(seconds: latest.at.seconds - window))
        for offset in first..<visible { body(history[offset]) }
    }
}
