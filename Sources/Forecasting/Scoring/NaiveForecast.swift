/// The forecasts that any other has to beat: the last value, or that of a period ago, with the quantiles of what this missed by
/// before.
package enum NaiveForecast {
    /// Residuals that are looked at.
    package static let residualsMax = 1_000

    /// Quantiles for each step ahead.
    ///
    /// - Parameters:
    ///   - known: the history with its gaps.
    ///   - period: in steps; nil repeats the last value.
    ///   - steps: how many, at least 1.
    ///   - levels: above 0 and below 1.
    /// - Returns: a row per step; nil when the history is too short for a single residual.
    package static func quantiles(_ known: [Double?], period: Int?, steps: Int, levels: [Double]) -> [[Double]]? {
        guard let last = known.last(where: { $0 != nil }) ?? nil else { return nil }
        var answer: [[Double]] = []
        for step in 1...steps {
            // The seasonal value lies whole periods back.
            let distance = period.map { ($0 * ((step + $0 - 1) / $0)) } ?? step
            let index = known.count + step - 1 - distance
            let point = period != nil && index >= 0 ? known[index] ?? last : last
            var residuals: [Double] = []
            for index in max(distance, known.count - residualsMax)..<max(known.count, distance) {
                guard let now = known[index], let then = known[index - distance] else { continue }
                residuals.append(now - then)
            }
            guard !residuals.isEmpty else { return nil }
            residuals.sort()
            answer.append(
                levels.map { level in
                    let rank = Int((level * Double(residuals.count + 1)).rounded(.up))
                    return max(point + residuals[min(max(rank, 1), residuals.count) - 1], min(point, 0))
                })
        }
        return answer
    }
}
