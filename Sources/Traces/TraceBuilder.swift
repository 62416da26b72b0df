/// Collects requests in any order and makes a trace of them.
package struct TraceBuilder {
    /// A request with all columns; those that the builder was not asked to keep are ignored.
    package struct Request: Sendable {
        package var row: RequestRow
        package var uncachedTokens: UInt32
        package var workload: UInt32
        package var session: UInt32

        /// - Parameters:
        ///   - row: arrival and lengths.
        ///   - uncachedTokens: clamped to 1 ... promptTokens; nil means all of the prompt.
        ///   - workload: a number given by `TraceBuilder.workload(named:)`.
        ///   - session: any number.
        package init(row: RequestRow, uncachedTokens: UInt32? = nil, workload: UInt32 = 0, session: UInt32 = 0) {
            self.row = row
            self.uncachedTokens = uncachedTokens ?? row.promptTokens
            self.workload = workload
            self.session = session
        }
    }

    private let columns: TraceColumns
    private var chunks: [RequestChunk] = []
    private var latest = -Double.infinity
    private var earliest = Double.infinity
    private var workloadNames: [String]
    private var workloadNumbers: [String: UInt32]
    /// Requests that arrived before one that precedes them in the input. Above zero, `finish` sorts.
    package private(set) var unsortedCount = 0

    /// - Parameters:
    ///   - columns: the optional columns to keep.
    ///   - workloadNames: names that have the numbers 0, 1, ... from the start; all different.
    package init(columns: TraceColumns = [], workloadNames: [String] = []) {
        self.columns = columns
        self.workloadNames = workloadNames
        workloadNumbers = Dictionary(uniqueKeysWithValues: workloadNames.enumerated().map { ($1, UInt32($0)) })
    }

    package var count: Int {
        chunks.isEmpty ? 0 : (chunks.count - 1) * RequestChunk.capacity + (chunks.last?.count ?? 0)
    }

    /// Adds a request. Arrivals must be finite.
    package mutating func append(_ request: Request) {
        precondition(request.row.arrival.isFinite, "an arrival is finite")
        if chunks.last?.isFull ?? true { chunks.append(RequestChunk(columns: columns)) }
        chunks[chunks.count - 1].append(request)
        if request.row.arrival < latest { unsortedCount += 1 }
        latest = max(latest, request.row.arrival)
        earliest = min(earliest, request.row.arrival)
    }

    /// The number that stands for a workload's name, given on first use.
    package mutating func workload(named name: String) -> UInt32 {
        if let number = workloadNumbers[name] { return number }
        let number = UInt32(workloadNames.count)
        workloadNames.append(name)
        workloadNumbers[name] = number
        return number
    }

    /// Moves all requests so that the first arrives at time zero.
    package mutating func shiftToZero() {
        guard count > 0, earliest != 0 else { return }
        for chunk in chunks { chunk.shiftArrivals(by: -earliest) }
        latest -= earliest
        earliest = 0
    }

    /// What is said when requests are sorted; nil when they came in order.
    package var sortingNote: String? {
        guard unsortedCount > 0 else { return nil }
        return "\(unsortedCount) of \(count) requests were out of order; all were sorted by arrival."
    }

    /// The trace under the name that reports call it, sorted by arrival; requests with equal arrivals keep their order.
    /// The builder is spent.
    package consuming func finish(name: String) -> Trace {
        let names = workloadNames
        guard unsortedCount > 0 else { return Trace(name: name, chunks: chunks, workloadNames: names) }
        let columns = columns
        var merge = ChunkMerge(chunks)
        chunks = []
        var sorted = TraceBuilder(columns: columns, workloadNames: names)
        while let request = merge.next() { sorted.append(request) }
        return Trace(name: name, chunks: sorted.chunks, workloadNames: names)
    }

    /// The trace, as `finish(name:)` makes it; the builder is left empty.
    package mutating func take(name: String) -> Trace {
        let full = self
        self = TraceBuilder(columns: columns)
        return full.finish(name: name)
    }
}

extension Trace {
    /// A request with all the columns that the trace has.
    package func request(_ index: Int) -> TraceBuilder.Request {
        chunks[index / RequestChunk.capacity].request(index % RequestChunk.capacity)
    }

    /// The optional columns that the trace has.
    package var columns: TraceColumns {
        var columns: TraceColumns = []
        if hasUncachedTokens { columns.insert(.uncachedTokens) }
        if hasWorkloads { columns.insert(.workload) }
        if hasSessions { columns.insert(.session) }
        return columns
    }
}
