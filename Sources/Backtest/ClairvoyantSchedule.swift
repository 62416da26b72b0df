internal import Fleet
internal import Policies
internal import Simulation

/// Turns replica counts per bin into orders, each exactly one start-up before its replica is needed.
///
/// Replicas are taken as levels: level l is needed while the count is at least l. A gap of a level that is shorter than the
/// median start-up, or within which its next start would have to be ordered, is bridged.
struct ClairvoyantSchedule {
    let initialReady: Int
    let steps: [SchedulePolicy.Step]

    /// A level is needed from `start` to `end`.
    private struct Need {
        var level: Int
        var start: Double
        var end: Double
    }

    /// - Parameters:
    ///   - counts: replicas needed in each bin, at least 1.
    ///   - width: seconds of a bin.
    ///   - start: of the first bin, in seconds.
    ///   - startUp: how long starts take.
    ///   - seed: that the run's starts are drawn with: the k-th order takes the k-th draw.
    init(counts: [Int], width: Double, start: Double, startUp: StartUpModel, seed: UInt64) {
        var needs = ClairvoyantSchedule.needs(counts, width: width, start: start, median: startUp.median.seconds)
        var orders = ClairvoyantSchedule.orders(needs, start: start, startUp: startUp, seed: seed)
        while ClairvoyantSchedule.bridge(&needs, orders) {
            orders = ClairvoyantSchedule.orders(needs, start: start, startUp: startUp, seed: seed)
        }
        initialReady = needs.reduce(0) { $0 + ($1.start <= start ? 1 : 0) }
        steps = ClairvoyantSchedule.steps(
            needs, orders, initial: initialReady, start: start, end: start + Double(counts.count) * width)
    }

    /// The needs of all levels, sorted by start and level, short gaps bridged.
    private static func needs(_ counts: [Int], width: Double, start: Double, median: Double) -> [Need] {
        var open: [Int: Int] = [:]
        var needs: [Need] = []
        for (bin, count) in counts.enumerated() {
            let time = start + Double(bin) * width
            for level in stride(from: 1, through: count, by: 1) {
                if let index = open[level], time - needs[index].end < median || needs[index].end == time {
                    needs[index].end = time + width
                } else {
                    open[level] = needs.count
                    needs.append(Need(level: level, start: time, end: time + width))
                }
            }
        }
        return needs
    }

    /// When the start of each need is ordered; nil for those that the run begins with. Orders are in the order of the needs,
    /// so that each takes its own draw.
    private static func orders(_ needs: [Need], start: Double, startUp: StartUpModel, seed: UInt64) -> [Double?] {
        var draws = StartUps(startUp, seed: seed)
        var orders: [Double?] = needs.map { $0.start <= start ? nil : max(start, $0.start - draws.next()) }
        var next = Double.infinity
        for index in orders.indices.reversed() {
            guard let order = orders[index] else { continue }
            next = min(next, order)
            orders[index] = next
        }
        return orders
    }

    /// Bridges the gaps in which a start is under way when the level would drop: the controller would cancel that start.
    ///
    /// Orders and readiness both grow along the needs, so of the starts that end after the drop the first was ordered first.
    ///
    /// - Returns: whether there was one.
    private static func bridge(_ needs: inout [Need], _ orders: [Double?]) -> Bool {
        var previous: [Int: Int] = [:]
        var removed: Set<Int> = []
        let started = zip(orders, needs).compactMap { order, need in order.map { (order: $0, ready: need.start) } }
        for index in needs.indices {
            let level = needs[index].level
            if let earlier = previous[level] {
                let drop = needs[earlier].end
                let next = started.partitioningIndex { $0.ready > drop }
                if next < started.count, started[next].order <= drop, started[next].ready <= needs[index].start {
                    needs[earlier].end = needs[index].end
                    removed.insert(index)
                    continue
                }
            }
            previous[level] = index
        }
        needs = needs.enumerated().filter { !removed.contains($0.offset) }.map(\.element)
        return !removed.isEmpty
    }

    private static func steps(
        _ needs: [Need], _ orders: [Double?], initial: Int, start: Double, end: Double
    ) -> [SchedulePolicy.Step] {
        var changes: [(time: Double, by: Int)] = []
        for (need, order) in zip(needs, orders) {
            if let order { changes.append((order, 1)) }
            if need.end < end { changes.append((need.end, -1)) }
        }
        changes.sort { ($0.time, -$0.by) < ($1.time, -$1.by) }
        var steps: [SchedulePolicy.Step] = []
        var desired = initial
        for change in changes {
            desired += change.by
            if let last = steps.last, last.at.seconds == change.time { steps.removeLast() }
            steps.append(SchedulePolicy.Step(at: Instant(seconds: change.time), desired: desired))
        }
        return steps
    }
}

extension Array {
    /// The first index whose element, and every later one's, satisfies the predicate; `endIndex` when none does. O(log n).
    func partitioningIndex(where belongsToSecondPart: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if belongsToSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
