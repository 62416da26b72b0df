package import Fleet

/// The mean of a measurement at each part of a period, as earlier periods had it.
package struct SeasonalProfile: Hashable, Sendable, Codable {
    /// Parts of a period: 5 minutes of a day.
    package static let partCount = 288
    /// Weight of the latest period from the second one on.
    package static let latestWeight = 0.5

    private let period: Double
    /// Mean of earlier periods; nil where there is none yet.
    private var profile: [Double?] = Array(repeating: nil, count: partCount)
    private var part: Part?

    /// The part of the period that is under way.
    private struct Part: Hashable, Sendable, Codable {
        var index: Int
        var sum: Double
        var count: Double
    }

    /// - Parameter period: above 0.
    package init(period: Duration) {
        precondition(period > .zero, "a season takes time")
        self.period = period.seconds
    }

    /// Takes in a measurement. A part enters the profile when it is over.
    package mutating func append(_ measured: Double, at now: Instant) {
        let index = index(at: now)
        if let current = part, current.index != index { finish(current) }
        let (sum, count) = part.map { $0.index == index ? ($0.sum, $0.count) : (0, 0) } ?? (0, 0)
        part = Part(index: index, sum: sum + measured, count: count + 1)
    }

    /// How much the measurement rose between these times in earlier periods; nil when either was not seen yet.
    package func change(from start: Instant, to end: Instant) -> Double? {
        guard let before = profile[index(at: start)], let after = profile[index(at: end)] else { return nil }
        return after - before
    }

    private mutating func finish(_ part: Part) {
        let mean = part.sum / part.count
        let weight = SeasonalProfile.latestWeight
        profile[part.index] = profile[part.index].map { $0 + weight * (mean - $0) } ?? mean
    }

    private func index(at instant: Instant) -> Int {
        let turns = instant.seconds / period
        let share = turns - turns.rounded(.down)
        return min(Int(share * Double(SeasonalProfile.partCount)), SeasonalProfile.partCount - 1)
    }
}
