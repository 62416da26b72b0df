package import Control
package import Fleet

/// AIBrix's APA: the mean load of the replicas that answer, taken for all replicas, with a tolerance and steps of at most
/// a factor of 2.
///
/// `x` = mean over 180 s of (requests in flight / ready replicas), over the target; above 1.1 the fleet becomes
/// `ceil(R x)`, at most `2 R`; below 0.9 `ceil(R x)`, at least `floor(R/2)`. R counts loading replicas too, so that a
/// second step is taken before the first one's replicas are ready. When shrinking, the cool-down of 300 s takes the
/// smallest recommendation of that time ("as written", `aibrix-apa`); its evident intention, as in Kubernetes, is the
/// largest (`aibrix-apa-fixed`).
///
/// Every 10 s; scrapes its pods 1 s ago; target = steady concurrency. Knob: the target is divided by it.
/// Source: vllm-project/aibrix, `pkg/controller/podautoscaler/algorithm/apa.go`, `podautoscaler_controller.go`.
package struct AIBrixPolicy: ScalingPolicy {
    /// What the cool-down keeps of the recommendations of its time.
    package enum CoolDown: Hashable, Sendable {
        /// The smallest: as the code is.
        case asWritten
        /// The largest: as it is meant.
        case fixed
    }

    /// `autoscaling.aibrix.ai` stable window, in seconds.
    package static let window = 180.0
    package static let tolerance = 0.1
    package static let scaleRateMax = 2.0
    package static let scaleDownCoolDown = Duration.seconds(300)

    package let name: String
    package let observationDelay = ObservationDelay.fixed(.seconds(1))
    private let cadence = DecisionCadence(interval: .seconds(10))
    private let coolDown: CoolDown
    private let target: Double
    private var recommendations = TimedRecommendations()

    /// - Parameters:
    ///   - context: gives the target.
    ///   - coolDown: as written or fixed.
    package init(_ context: PolicyContext, coolDown: CoolDown) {
        name = coolDown == .asWritten ? "aibrix-apa" : "aibrix-apa-fixed"
        self.coolDown = coolDown
        target = context.targetConcurrency
    }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { cadence.next(after: now) }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        guard let mean = meanPerReplica(input.samples) else { return ScalingDecision(input.desired, .noData) }
        let current = input.desired
        let wish = recommendation(mean / target, current: current)
        recommendations.append(wish, at: input.now, keep: AIBrixPolicy.scaleDownCoolDown)
        guard wish < current else { return ScalingDecision(wish, wish == current ? .steady : .load) }
        let window = AIBrixPolicy.scaleDownCoolDown
        switch coolDown {
        case .asWritten:
            return ScalingDecision(recommendations.min(within: window, at: input.now) ?? wish, .load)
        case .fixed:
            let kept = min(recommendations.max(within: window, at: input.now) ?? wish, current)
            return ScalingDecision(kept, kept == wish ? .load : .stabilised)
        }
    }

    /// The mean over the window of the load per ready replica. Seconds without a ready replica give no reading.
    private func meanPerReplica(_ samples: SampleView) -> Double? {
        var sum = 0.0
        var count = 0
        samples.forEach(over: AIBrixPolicy.window) { sample in
            let ready = sample.readyReplicas
            guard ready > 0 else { return }
            sum += Double(sample.inFlightRequests) / Double(ready)
            count += 1
        }
        return count == 0 ? nil : sum / Double(count)
    }

    private func recommendation(_ ratio: Double, current: Int) -> Int {
        let wanted = Int(covering: Double(current) * ratio)
        if ratio > 1 + AIBrixPolicy.tolerance {
            return min(wanted, Int(covering: AIBrixPolicy.scaleRateMax * Double(current)))
        }
        if ratio < 1 - AIBrixPolicy.tolerance {
            return max(wanted, Int(Double(current) / AIBrixPolicy.scaleRateMax))
        }
        return current
    }
}
