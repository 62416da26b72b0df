extension Trace {
    /// The same arrivals with drawn lengths. Whole rows of another trace bring all its columns; constants and
    /// distributions bring lengths alone, and every prompt then counts as uncached.
    package func withLengths(_ lengths: TokenLengths, using generator: inout some RandomNumberGenerator) -> Trace {
        var builder = TraceBuilder(columns: lengths.columns, workloadNames: lengths.workloadNames)
        for index in 0..<count { builder.append(lengths.request(arrival: self[index].arrival, using: &generator)) }
        return builder.finish(name: name)
    }

    /// All traces in one, each with its own arrivals. A column that only some have is filled: uncached tokens with the
    /// prompt's, workloads with the trace's name. `traces` is not empty.
    package static func merged(_ traces: [Trace], name: String) -> Trace {
        precondition(!traces.isEmpty, "there is something to merge")
        let columns = traces.reduce(into: TraceColumns()) { $0.formUnion($1.columns) }
        var builder = TraceBuilder(columns: columns)
        for trace in traces {
            let own = trace.hasWorkloads ? trace.workloadNames : [trace.name]
            let numbers = columns.contains(.workload) ? own.map { builder.workload(named: $0) } : [0]
            for index in 0..<trace.count {
                var request = trace.request(index)
                request.workload = trace.hasWorkloads ? numbers[Int(request.workload)] : numbers[0]
                builder.append(request)
            }
        }
        return builder.finish(name: name)
    }
}
