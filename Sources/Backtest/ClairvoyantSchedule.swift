internal import Fleet
internal import Policies
internal import Simulation

/// Turns replica counts per bin into orders, each exactly one start-up before its replica is needed.
///
/// Replicas are taken as levels: level l is needed while the count is at least l. A gap of a level that is shorter than the
/// median start-up is bridged. Where a start is under way when a level drops, the controller cancels the start and keeps the
/// replica, which is there when it is needed all the same.
struct ClairvoyantSchedule {
    let initialReady: Int
    let steps: [SchedulePolicy.Step]
    /// Seconds that each start takes, in the order of the orders: every replica keeps the draw that it was planned with.
    let startUpTimes: [Double]

    /// A start of a need: ordered one draw before the need begins.
    private struct Start {
        var order: Double
        var seconds: Double
    }

    /// A replica is needed from `start` to `end`.
    private struct Need {
        var start: Double
        var end: Double
    }

    /// - Parameters:
    ///   - counts: replicas needed in each bin, at least 1.
    ///   - width: seconds of a bin.
    ///   - start: of the first bin, in seconds.
    ///   - startUp: how long starts take.
    ///   - seed: of the start-up times: the k-th need takes the k-th draw.
    init(counts: [Int], width: Double, start: Double, startUp: StartUpModel, seed: UInt64) {
        let needs = ClairvoyantSchedule.needs(counts, width: width, start: start, median: startUp.median.seconds)
        let starts = ClairvoyantSchedule.starts(needs, runStart: start, startUp: startUp, seed: seed)
        initialReady = needs.reduce(0) { $0 + ($1.start <= start ? 1 : 0) }
        let ends = needs.map(\.end).filter { $0 < start + Double(counts.count) * width }
        let ordered = starts.enumerated().sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }
        startUpTimes = ordered.map { $0.element.seconds }
        steps = ClairvoyantSchedule.steps(orders: ordered.map { $0.element.order }, ends: ends, initial: initialReady)
    }

    /// The needs of all levels, sorted by start and level, short gaps bridged.
    private static func needs(_ counts: [Int], width: Double, start: Double, median: Double) -> [Need] {
        /// The latest need of each level.
        var latest: [Int] = []
        var needs: [Need] = []
        var count = 0
        for bin in 0...counts.count {
            let time = start + Double(bin) * width
            let next = bin < counts.count ? counts[bin] : 0
            for level in stride(from: count, to: next, by: -1) { needs[latest[level - 1]].end = time }
            for level in stride(from: count, to: next, by: 1) {
                if level < latest.count {
                    if time - needs[latest[level]].end < median { continue }
                    latest[level] = needs.count
                } else {
                    latest.append(needs.count)
                }
                needs.append(Need(start: time, end: time))
            }
            count = next
        }
        return needs
    }

    /// The starts of the needs that the run does not begin with, in the order of the needs.
    private static func starts(_ needs: [Need], runStart: Double, startUp: StartUpModel, seed: UInt64) -> [Start] {
        var draws = StartUps(startUp, seed: seed)
        return needs.filter { $0.start > runStart }.map { need in
            let order = max(runStart, need.start - draws.next())
            return Start(order: order, seconds: need.start - order)
        }
    }

    private static func steps(orders: [Double], ends: [Double], initial: Int) -> [SchedulePolicy.Step] {
        let changes = orders.map { (time: $0, by: 1) } + ends.map { (time: $0, by: -1) }
        var steps: [SchedulePolicy.Step] = []
        var desired = initial
        for change in changes.sorted(by: { ($0.time, -$0.by) < ($1.time, -$1.by) }) {
            desired += change.by
            if let last = steps.last, last.at.seconds == change.time { steps.removeLast() }
            steps.append(SchedulePolicy.Step(at: Instant(seconds: change.time), desired: desired))
        }
        return steps
    }
}
