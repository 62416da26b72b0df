/// The replicas of one workload over the run, as the controller told them.
struct DemoFleetRecord: Hashable, Sendable {
    /// What the controller told at one moment; it holds until the next.
    struct Point: Hashable, Sendable {
        /// Seconds since 1970.
        var time: Double
        var desired: Int
        var ready: Int
        var starting: Int
        var draining: Int

        /// Replicas that hold accelerators.
        var billed: Int { ready + starting + draining }
    }

    private(set) var points: [Point] = []

    /// Notes what the controller told; points come in the order of time.
    mutating func append(_ point: Point) { points.append(point) }

    /// Replica-seconds between two times: from a start order until the replica is gone.
    func replicaSeconds(from start: Double, until end: Double) -> Double {
        points.indices.reduce(0) { sum, index in
            let next = index + 1 < points.count ? points[index + 1].time : end
            let seconds = min(next, end) - max(points[index].time, start)
            return sum + max(seconds, 0) * Double(points[index].billed)
        }
    }

    /// How often the desired count changed between two times.
    func actions(from start: Double, until end: Double) -> Int {
        zip(points, points.dropFirst()).count { before, after in
            after.time >= start && after.time <= end && after.desired != before.desired
        }
    }

    /// The most replicas that were ready between two times.
    func readyMax(from start: Double, until end: Double) -> Int {
        points.filter { $0.time >= start && $0.time <= end }.map(\.ready).max() ?? 0
    }
}
