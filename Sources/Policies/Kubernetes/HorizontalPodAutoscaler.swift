package import Control
package import Fleet

/// Kubernetes' HorizontalPodAutoscaler: the decision of one sync, with what it remembers between syncs.
///
/// Each metric proposes a fleet; the largest proposal counts. It is stabilised by past recommendations and limited in its
/// change per period. Source: kubernetes/kubernetes, `pkg/controller/podautoscaler/{replica_calculator,horizontal}.go`.
package struct HorizontalPodAutoscaler: Sendable {
    /// `--horizontal-pod-autoscaler-sync-period`.
    package static let syncPeriod = Duration.seconds(15)
    /// `--horizontal-pod-autoscaler-tolerance`.
    package static let defaultTolerance = 0.1

    /// May change between syncs.
    var behavior: ScalingBehavior
    private let tolerance: Double
    private var recommendations = TimedRecommendations()
    private var changes: [Change] = []

    private struct Change {
        var at: Instant
        /// Positive: pods added.
        var count: Int
    }

    /// - Parameters:
    ///   - behavior: its windows and rate limits.
    ///   - tolerance: relative deviation from the target that is ignored, both ways.
    package init(behavior: ScalingBehavior = .kubernetes, tolerance: Double = defaultTolerance) {
        self.behavior = behavior
        self.tolerance = tolerance
    }

    /// One sync.
    ///
    /// - Parameters:
    ///   - metrics: as they were read just now.
    ///   - current: R, the `spec.replicas` of what is scaled.
    ///   - ready: pods that run, loading or not.
    ///   - bounds: `minReplicas` and `maxReplicas`.
    ///   - now: the instant of this sync.
    /// - Returns: the new `spec.replicas`, with what bound it.
    package mutating func sync(
        metrics: [HorizontalMetric], current: Int, ready: Int, bounds: ReplicaBounds, at now: Instant
    ) -> ScalingDecision {
        // 0 replicas with a minimum above 0: somebody switched scaling off.
        if current == 0 && bounds.min != 0 { return ScalingDecision(0, .steady) }
        rememberFound(current, at: now)
        if current != bounds.clamp(current) {
            return settle(ScalingDecision(bounds.clamp(current), .load), current: current, at: now)
        }
        guard let proposed = proposal(metrics, current: current, ready: ready) else {
            return ScalingDecision(current, .noData)
        }
        return follow(proposed, current: current, bounds: bounds, at: now)
    }

    /// Stabilises a proposal, limits the change and remembers both.
    ///
    /// - Parameters:
    ///   - proposed: the fleet that the metrics ask for.
    ///   - current: R, the fleet that there should be now.
    ///   - bounds: the least and the most.
    ///   - now: the instant of this sync.
    /// - Returns: the new `spec.replicas`, with what bound it.
    mutating func follow(_ proposed: Int, current: Int, bounds: ReplicaBounds, at now: Instant) -> ScalingDecision {
        rememberFound(current, at: now)
        let stabilised = stabilise(proposed, current: current, at: now)
        let limited = limit(stabilised, current: current, bounds: bounds, at: now)
        let reason = reason(proposed: proposed, stabilised: stabilised, limited: limited, current: current, bounds)
        return settle(ScalingDecision(limited, reason), current: current, at: now)
    }

    // MARK: Steps

    /// A fresh autoscaler takes the fleet that it finds for its first recommendation.
    private mutating func rememberFound(_ current: Int, at now: Instant) {
        if recommendations.isEmpty { recommendations.append(current, at: now, keep: longestWindow) }
    }

    /// The largest proposal; nil when nothing could be read, or when something could not and the rest would shrink.
    private func proposal(_ metrics: [HorizontalMetric], current: Int, ready: Int) -> Int? {
        let proposals = metrics.map { $0.proposal(current: current, ready: ready, tolerance: tolerance) }
        guard let largest = proposals.compactMap({ $0 }).max() else { return nil }
        return proposals.contains(nil) && largest < current ? nil : largest
    }

    /// Grows at most to the smallest recommendation of the up window, shrinks at most to the largest of the down window.
    private mutating func stabilise(_ proposed: Int, current: Int, at now: Instant) -> Int {
        let least = min(proposed, recommendations.min(within: behavior.up.stabilisationWindow, at: now) ?? proposed)
        let most = max(proposed, recommendations.max(within: behavior.down.stabilisationWindow, at: now) ?? proposed)
        recommendations.append(proposed, at: now, keep: longestWindow)
        return min(max(current, least), most)
    }

    /// Cuts a change to what the limits leave of their periods.
    private func limit(_ wanted: Int, current: Int, bounds: ReplicaBounds, at now: Instant) -> Int {
        if wanted > current {
            let allowed = limit(behavior.up, current: current, at: now, disabled: current) { limit, start in
                limit.highest(from: start)
            }
            return min(wanted, bounds.max, max(allowed, current))
        }
        guard wanted < current else { return current }
        let allowed = limit(behavior.down, current: current, at: now, disabled: -current) { limit, start in
            -limit.lowest(from: start)
        }
        return max(wanted, bounds.min, min(-allowed, current))
    }

    /// The most that one of the limits (or each, with `min`) leaves. Downwards counts are negated, so that more is more.
    private func limit(
        _ direction: ScalingBehavior.Direction, current: Int, at now: Instant, disabled: Int,
        allowed: (ScalingBehavior.Limit, Int) -> Int
    ) -> Int {
        let figures = direction.limits.map { allowed($0, periodStart($0.period, current: current, at: now)) }
        switch direction.selection {
        case .max: return figures.max() ?? disabled
        case .min: return figures.min() ?? disabled
        case .disabled: return disabled
        }
    }

    /// The fleet when the period began: R - added + deleted since. A change exactly one period old is outside.
    private func periodStart(_ period: Duration, current: Int, at now: Instant) -> Int {
        changes.reduce(current) { now.seconds(since: $1.at) < period.seconds ? $0 - $1.count : $0 }
    }

    /// Remembers the change, if it is one.
    private mutating func settle(_ decision: ScalingDecision, current: Int, at now: Instant) -> ScalingDecision {
        let longest = longestPeriod
        changes.removeAll { now.seconds(since: $0.at) >= longest }
        if decision.desired != current { changes.append(Change(at: now, count: decision.desired - current)) }
        return decision
    }

    private func reason(
        proposed: Int, stabilised: Int, limited: Int, current: Int, _ bounds: ReplicaBounds
    ) -> PlanReason {
        if proposed == current && stabilised == current { return .steady }
        if stabilised != proposed { return .stabilised }
        return limited == bounds.clamp(stabilised) ? .load : .rateLimited
    }

    private var longestWindow: Duration {
        max(behavior.up.stabilisationWindow, behavior.down.stabilisationWindow)
    }

    private var longestPeriod: Double {
        (behavior.up.limits + behavior.down.limits).map(\.period.seconds).max() ?? 0
    }
}
