/// Replicas in consecutive bins, kept as runs of equal counts: a schedule changes seldom.
struct ReplicaSeries: Hashable {
    private struct Run: Hashable {
        var bins: Int
        var count: Int
    }

    private let runs: [Run]

    init(_ counts: [Int]) {
        var runs: [Run] = []
        for count in counts {
            if let last = runs.last, last.count == count {
                runs[runs.count - 1].bins += 1
            } else {
                runs.append(Run(bins: 1, count: count))
            }
        }
        self.runs = runs
    }

    /// One for each bin.
    var counts: [Int] { runs.flatMap { repeatElement($0.count, count: $0.bins) } }
}
