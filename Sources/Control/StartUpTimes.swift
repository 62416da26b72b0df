internal import Fleet

/// How long starts take, from the order until ready, as learned from the latest ones.
package struct StartUpTimes: Hashable, Sendable, Codable {
    /// Starts remembered.
    package static let capacity = 32
    /// Measured starts that the expected value is worth: it decides until as many and one more were measured.
    package static let priorCount = 4

    private let expectedSeconds: Double
    /// Seconds, oldest first.
    private var measured: [Double] = []

    /// - Parameter expected: what the first starts are taken to need.
    package init(expected: Duration) { expectedSeconds = expected.seconds }

    /// Takes in what a start took.
    mutating func append(_ seconds: Double) {
        measured.append(seconds)
        if measured.count > StartUpTimes.capacity { measured.removeFirst() }
    }

    /// What is expected of the next start. One outlier moves the median by one rank.
    package var estimate: StartUpEstimate {
        let sorted = (measured + Array(repeating: expectedSeconds, count: StartUpTimes.priorCount)).sorted()
        let late = Int((0.95 * Double(sorted.count)).rounded(.up)) - 1
        return StartUpEstimate(median: .seconds(sorted[(sorted.count - 1) / 2]), p95: .seconds(sorted[late]))
    }
}

/// How long a start takes, from the order until ready.
package struct StartUpEstimate: Hashable, Sendable {
    package var median: Duration
    package var p95: Duration

    package init(median: Duration, p95: Duration) {
        self.median = median
        self.p95 = p95
    }
}

/// What is known of a variant's starts before any was seen.
package struct StartUpExpectation: Hashable, Sendable {
    /// From the order until ready.
    package var expected: Duration
    /// A start that takes longer is given up.
    package var deadline: Duration

    /// - Parameters:
    ///   - expected: from the order until ready.
    ///   - deadline: above `expected`.
    package init(expected: Duration, deadline: Duration) {
        precondition(expected >= .zero && deadline > expected, "a start is given up after the time that it needs")
        self.expected = expected
        self.deadline = deadline
    }
}
