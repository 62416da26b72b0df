internal import Fleet

/// The traffic that will really arrive: a reference, to see what a part of the policy `tideway` costs for not knowing it.
///
/// Only a backtest can give one, from the trace that it replays. In live operation there is none. Work is known second by
/// second, in steady replicas, as the policy counts its demand.
package struct DemandForesight: Hashable, Sendable {
    /// What the policy is told; all else it does as ever.
    package struct Parts: OptionSet, Hashable, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        /// The mean demand around the instant that is planned for, in place of the forecast with its margin.
        package static let level = Parts(rawValue: 1)
        /// The bursts around that instant, in place of head-room by past bursts and of haste when one is seen.
        package static let bursts = Parts(rawValue: 2)
        /// What is needed until a replica that is given up now could be back, in place of the ski rental.
        package static let release = Parts(rawValue: 4)
    }

    /// Work that arrives at one instant.
    package struct Arrival: Sendable {
        /// Seconds.
        var time: Double
        /// Steady replica-seconds.
        var work: Double

        package init(time: Double, work: Double) {
            self.time = time
            self.work = work
        }
    }

    package let parts: Parts
    /// The second that begins the series.
    private let first: Int
    /// Work that arrived before each second of the series, in steady replica-seconds; the last is all work.
    private let sums: [Double]

    /// - Parameters:
    ///   - arrivals: of the whole trace, in the order of time.
    ///   - parts: what the policy is told of it.
    package init(_ arrivals: [Arrival], parts: Parts) {
        self.parts = parts
        first = arrivals.first.map { Int($0.time.rounded(.down)) } ?? 0
        var sums = [0.0]
        var total = 0.0
        for arrival in arrivals {
            let second = Int(arrival.time.rounded(.down)) - first
            while sums.count <= second { sums.append(total) }
            total += arrival.work
        }
        sums.append(total)
        self.sums = sums
    }

    /// Mean demand around an instant. What lies beyond the traffic's ends is not counted.
    ///
    /// - Parameters:
    ///   - instant: the middle.
    ///   - width: above zero; rounded to whole seconds.
    /// - Returns: steady replicas.
    func level(around instant: Instant, width: Duration) -> Double {
        let seconds = seconds(instant, width)
        guard !seconds.isEmpty else { return 0 }
        return work(seconds) / Double(seconds.count)
    }

    /// The least demand that a fluid pool must carry so that nothing waits for longer than `patience`, of what arrives around
    /// an instant: the largest `work / (time + patience)` over all stretches of time within, as `SurgeLedger` counts it.
    ///
    /// - Parameters:
    ///   - instant: the middle.
    ///   - width: above zero; rounded to whole seconds.
    ///   - patience: seconds that work may wait, zero or more.
    /// - Returns: steady replicas.
    func need(around instant: Instant, width: Duration, patience: Double) -> Double {
        let seconds = seconds(instant, width)
        var largest = 0.0
        for begin in seconds {
            for end in begin + 1...seconds.upperBound {
                largest = max(largest, (sums[end] - sums[begin]) / (Double(end - begin) + patience))
            }
        }
        return largest
    }

    private func work(_ seconds: Range<Int>) -> Double { sums[seconds.upperBound] - sums[seconds.lowerBound] }

    /// The seconds of the series within half a width of an instant.
    private func seconds(_ middle: Instant, _ width: Duration) -> Range<Int> {
        let begin = Int((middle.seconds - width.seconds / 2).rounded()) - first
        let end = max(Int((middle.seconds + width.seconds / 2).rounded()) - first, begin + 1)
        let last = sums.count - 1
        return min(max(begin, 0), last)..<min(max(end, 0), last)
    }
}
