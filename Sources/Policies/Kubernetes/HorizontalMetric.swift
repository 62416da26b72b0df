/// One metric of a HorizontalPodAutoscaler as it was read, and its target.
package enum HorizontalMetric: Hashable, Sendable {
    /// Object or External with `AverageValue`: a total, and the target per replica.
    case averageValue(total: Double, target: Double)
    /// Object or External with `Value`: the metric is compared with its target as it is.
    case value(Double, target: Double)
    /// Pods: a value of each pod that answered. Pending pods are `unready`; pods without a value are `missing`.
    case pods(values: [Double], unready: Int, missing: Int, target: Double)
    /// Could not be read.
    case invalid

    /// The fleet that this metric proposes; nil when it could not be read.
    ///
    /// - Parameters:
    ///   - current: R, replicas that there are.
    ///   - ready: pods that are running, among them.
    ///   - tolerance: relative deviation that is ignored.
    /// - Returns: the fleet, before windows, limits and bounds.
    func proposal(current: Int, ready: Int, tolerance: Double) -> Int? {
        switch self {
        case .averageValue(let total, let target):
            let ratio = total / (target * Double(current))
            return isWithin(ratio, tolerance) ? current : Int(covering: total / target)
        case .value(let value, let target):
            let ratio = value / target
            return isWithin(ratio, tolerance) ? current : Int(covering: ratio * Double(ready))
        case .pods(let values, let unready, let missing, let target):
            return podsProposal(
                values: values, unready: unready, missing: missing, target: target, current: current,
                tolerance: tolerance)
        case .invalid: return nil
        }
    }

    private func isWithin(_ ratio: Double, _ tolerance: Double) -> Bool {
        ratio >= 1 - tolerance && ratio <= 1 + tolerance
    }

    /// A missing pod counts as idle when growing and as exactly at target when shrinking, an unready one as idle when
    /// growing; what they turn around is dropped.
    private func podsProposal(
        values: [Double], unready: Int, missing: Int, target: Double, current: Int, tolerance: Double
    ) -> Int? {
        guard !values.isEmpty else { return nil }
        let sum = values.reduce(0, +)
        let ratio = sum / Double(values.count) / target
        let growsWithUnready = unready > 0 && ratio > 1
        if !growsWithUnready && missing == 0 {
            return isWithin(ratio, tolerance) ? current : Int(covering: ratio * Double(values.count))
        }
        let filledSum = sum + (ratio < 1 ? Double(missing) * target : 0)
        let filledCount = values.count + missing + (growsWithUnready ? unready : 0)
        let filled = filledSum / Double(filledCount) / target
        if isWithin(filled, tolerance) || (ratio < 1) != (filled < 1) { return current }
        let proposed = Int(covering: filled * Double(filledCount))
        let isAgainst = filled < 1 ? proposed > current : proposed < current
        return isAgainst ? current : proposed
    }
}
