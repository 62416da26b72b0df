internal import Sampling

extension Trace {
    /// The first part of a trace, in seconds, that a warm-up resembles.
    package static let warmUpModelSeconds = 300.0

    /// The trace preceded by a warm-up in negative time: Poisson arrivals at the rate of the first 300 s, with rows
    /// drawn uniformly from these. A trace shorter than that is taken whole. Nothing is added when no request arrives
    /// in the first 300 s. `seconds` is zero or more.
    package func withWarmUp(seconds: Double, using generator: inout some RandomNumberGenerator) -> Trace {
        precondition(seconds >= 0 && seconds.isFinite, "a warm-up takes zero or more seconds")
        let model = indices(from: 0, to: Self.warmUpModelSeconds)
        guard seconds > 0, !model.isEmpty else { return self }
        let modelSeconds = min(Self.warmUpModelSeconds, max(lastArrival.rounded(.up), 1))
        let expected = Double(model.count) / modelSeconds * seconds
        var arrivals: [Double] = []
        ArrivalProcess.appendUniform(
            generator.poisson(mean: expected), from: -seconds, width: seconds, to: &arrivals, using: &generator)
        var builder = TraceBuilder(columns: columns, workloadNames: workloadNames)
        for arrival in arrivals {
            var request = request(model.lowerBound + generator.index(below: model.count))
            request.row.arrival = arrival
            builder.append(request)
        }
        for index in 0..<count { builder.append(request(index)) }
        return builder.finish(name: name)
    }

    /// The indices of the requests that arrive from `start` on and before `end`, in seconds.
    package func indices(from start: Double, to end: Double) -> Range<Int> {
        let first = firstIndex(from: start)
        return first..<max(firstIndex(from: end), first)
    }

    /// The first request that arrives at `seconds` or later, by bisection; `count` when there is none.
    package func firstIndex(from seconds: Double) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].arrival < seconds { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
