/// A fluid queue in a fleet that changes from bin to bin, first come, first served.
struct FluidQueue {
    private let demand: ClairvoyantDemand
    private let counts: [Int]
    private let start: Double
    private let width: Double
    /// What waits before each arrival, in steady replica-seconds.
    private var waiting: [Double] = []

    /// - Parameters:
    ///   - demand: the requests.
    ///   - counts: replicas in each bin; the last bin's stay.
    ///   - start: of the first bin in seconds, not after the first arrival.
    ///   - width: seconds of a bin, above 0.
    init(_ demand: ClairvoyantDemand, counts: [Int], start: Double, width: Double) {
        self.demand = demand
        self.counts = counts
        self.start = start
        self.width = width
        waiting.reserveCapacity(demand.arrivals.count)
        var work = 0.0
        var before = start
        for arrival in demand.arrivals {
            work = drained(work, from: before, to: arrival.time) { counts[min($0, counts.count - 1)] }
            before = arrival.time
            waiting.append(work)
            work += arrival.work
        }
    }

    /// Late requests that come on top when there are no more replicas than a ceiling in some bins. Reckons from there until
    /// the queue is what it was.
    func added(in bins: Range<Int>, ceiling: (Int) -> Int) -> Int {
        let capped = { bin in bins.contains(bin) ? min(fleet(bin), ceiling(bin)) : fleet(bin) }
        let end = start + Double(bins.upperBound) * width
        var index = max(firstArrival(notBefore: start + Double(bins.lowerBound) * width) - 1, 0)
        guard index < waiting.count else { return 0 }
        var work = waiting[index]
        var before = demand.arrivals[index].time
        var added = 0
        while index < waiting.count {
            let arrival = demand.arrivals[index]
            work = drained(work, from: before, to: arrival.time, capped)
            before = arrival.time
            if arrival.time >= end, work <= waiting[index] + 1e-9 { break }
            added += isLate(arrival, work, capped) ? 1 : 0
            added -= isLate(arrival, waiting[index], fleet) ? 1 : 0
            work += arrival.work
            index += 1
        }
        return added
    }

    private func fleet(_ bin: Int) -> Int { counts[min(bin, counts.count - 1)] }

    private func firstArrival(notBefore time: Double) -> Int {
        var (low, high) = (0, demand.arrivals.count)
        while low < high {
            let middle = (low + high) / 2
            if demand.arrivals[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Whether the fleet of its bin takes longer for what waits than a request has patience.
    private func isLate(_ arrival: ClairvoyantDemand.Arrival, _ work: Double, _ fleet: (Int) -> Int) -> Bool {
        work > Double(fleet(Int((arrival.time - start) / width))) * arrival.patience
    }

    private func drained(_ work: Double, from: Double, to: Double, _ fleet: (Int) -> Int) -> Double {
        var (work, from) = (work, from)
        while work > 0, from < to {
            let bin = Int((from - start) / width)
            let next = min(to, max(start + Double(bin + 1) * width, from.nextUp))
            work -= Double(fleet(bin)) * (next - from)
            from = next
        }
        return max(work, 0)
    }
}
