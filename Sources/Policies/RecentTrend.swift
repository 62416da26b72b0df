internal import Control
internal import Fleet

/// The demand of the last minute and how it has changed over five, in steady replicas: the least-squares line through the last five
/// figures of a minute each.
struct RecentTrend: Hashable, Sendable {
    /// Seconds of one figure.
    static let window = 60.0
    /// Figures through which the slope is laid.
    static let count = 5
    /// Seconds of samples that it looks back at.
    static var memory: Double { Double(count) * window }

    /// Of the last minute.
    let level: Double
    /// Change per second; nil until there are samples of five minutes.
    let slope: Double?

    /// - Parameters:
    ///   - samples: what was measured.
    ///   - work: of the workload.
    ///   - outputTokens: expected of each request.
    init?(_ samples: SampleView, _ work: SteadyWork, outputTokens: Double) {
        func demand(minutesAgo minutes: Int) -> Double? {
            let end = Double(minutes) * RecentTrend.window
            guard let later = samples.sample(secondsAgo: end),
                let earlier = samples.sample(secondsAgo: end + RecentTrend.window),
                let arrived = Demand(from: earlier, to: later)
            else { return nil }
            return work.replicas(for: arrived, outputTokens: outputTokens)
        }
        guard let level = demand(minutesAgo: 0) else { return nil }
        self.level = level
        let figures = (0..<RecentTrend.count).compactMap { demand(minutesAgo: $0) }
        guard samples.age >= RecentTrend.memory, figures.count == RecentTrend.count else {
            slope = nil
            return
        }
        let sum = figures.enumerated().reduce(0) { $0 + RecentTrend.offset($1.offset) * $1.element }
        slope = sum / RecentTrend.weight / RecentTrend.window
    }

    /// The standard deviation of the slope when each figure has one of `chance`.
    static func slopeDeviation(chance: Double) -> Double { chance / weight.squareRoot() / window }

    /// Minutes from the middle of the line; the latest are positive.
    private static func offset(_ minutesAgo: Int) -> Double { Double(count - 1) / 2 - Double(minutesAgo) }

    private static var weight: Double { (0..<count).reduce(0) { $0 + offset($1) * offset($1) } }
}
