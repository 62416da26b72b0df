/// How long prompts' prefills are: which share of them takes longer than a given time.
struct PrefillTail: Hashable, Sendable {
    /// Seconds, shortest first.
    private let seconds: [Double]
    /// Share of the prompts from each of them on; one more at the end, 0.
    private let shares: [Double]

    /// - Parameter prefills: shares of all prompts, and their seconds, in any order.
    init(_ prefills: [(share: Double, seconds: Double)]) {
        let sorted = prefills.sorted { $0.seconds < $1.seconds }
        seconds = sorted.map(\.seconds)
        shares = sorted.reversed().reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.share) }.reversed()
    }

    /// P(w > limit).
    func share(above limit: Double) -> Double {
        var (low, high) = (0, seconds.count)
        while low < high {
            let middle = (low + high) / 2
            if seconds[middle] <= limit { low = middle + 1 } else { high = middle }
        }
        return shares[low]
    }
}
