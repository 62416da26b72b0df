internal import Sampling

extension Trace {
    /// Each request with a probability of `share`, 0 ... 1, independently of the others.
    package func thinned(toShare share: Double, using generator: inout some RandomNumberGenerator) -> Trace {
        precondition(share >= 0 && share <= 1, "a share lies between 0 and 1")
        return rebuilt { _, _ in generator.uniform() < share }
    }

    /// Copies on top of each other, for a busier trace with the same bursts in time and the same local mix of lengths.
    ///
    /// Copy 0 is the original. Every other copy shifts each arrival by U(-30, +30) s, reflected at the first and last
    /// arrival, and takes lengths and all other columns from a uniform choice at most 50 rows away, clamped to the
    /// trace. Sessions of different copies are different. `copies` is at least 1.
    package func superposed(copies: Int, using generator: inout some RandomNumberGenerator) -> Trace {
        superposed(byFactor: Double(copies), using: &generator)
    }

    /// As `superposed(copies:using:)` with a factor of 1 or more: a fraction adds a copy of which only that share is
    /// kept.
    package func superposed(byFactor factor: Double, using generator: inout some RandomNumberGenerator) -> Trace {
        precondition(factor >= 1 && factor.isFinite, "the original is always there")
        let neighbours = CopySampler(trace: self)
        var builder = TraceBuilder(columns: columns, workloadNames: workloadNames)
        for index in 0..<count { builder.append(request(index)) }
        let copies = Int(factor.rounded(.up))
        for copy in 1..<max(copies, 1) {
            let share = min(factor - Double(copy), 1)
            for index in 0..<count {
                let request = neighbours.request(like: index, copy: copy, using: &generator)
                if share == 1 || generator.uniform() < share { builder.append(request) }
            }
        }
        return builder.finish(name: name)
    }
}

/// Draws the requests of a copy.
private struct CopySampler {
    /// Largest shift of an arrival in seconds.
    static let shiftSecondsMax = 30.0
    /// Farthest row whose lengths a request may take.
    static let rowDistanceMax = 50

    let trace: Trace

    func request(like index: Int, copy: Int, using generator: inout some RandomNumberGenerator) -> TraceBuilder.Request
    {
        let shift = (2 * generator.uniform() - 1) * Self.shiftSecondsMax
        let distance = generator.index(below: 2 * Self.rowDistanceMax + 1) - Self.rowDistanceMax
        var request = trace.request(min(max(index + distance, 0), trace.count - 1))
        request.row.arrival = reflected(trace[index].arrival + shift)
        request.session = request.session &+ UInt32(truncatingIfNeeded: copy) &* 0x9e37_79b1
        return request
    }

    /// Mirrors a time at the ends of the trace; one that would leave it on the other side too stays at that end.
    private func reflected(_ arrival: Double) -> Double {
        let (first, last) = (trace.firstArrival, trace.lastArrival)
        if arrival < first { return min(2 * first - arrival, last) }
        if arrival > last { return max(2 * last - arrival, first) }
        return arrival
    }
}
