/// A run of requests in fixed memory. Written while a `TraceBuilder` fills it, never afterwards.
package final class RequestChunk: @unchecked Sendable {  // Protected by being immutable once its builder let go of it.
    /// Requests in a full chunk: 2^16, 1 MiB of rows.
    package static let capacity = 1 << 16

    package private(set) var count = 0
    package let rows: UnsafeMutableBufferPointer<RequestRow>
    /// Nil without the column.
    package let uncachedTokens: UnsafeMutableBufferPointer<UInt32>?
    package let workloads: UnsafeMutableBufferPointer<UInt32>?
    package let sessions: UnsafeMutableBufferPointer<UInt32>?

    init(columns: TraceColumns, capacity: Int = RequestChunk.capacity) {
        rows = .allocate(capacity: capacity)
        uncachedTokens = columns.contains(.uncachedTokens) ? .allocate(capacity: capacity) : nil
        workloads = columns.contains(.workload) ? .allocate(capacity: capacity) : nil
        sessions = columns.contains(.session) ? .allocate(capacity: capacity) : nil
    }

    deinit {
        rows.deallocate()
        uncachedTokens?.deallocate()
        workloads?.deallocate()
        sessions?.deallocate()
    }

    var isFull: Bool { count == rows.count }

    func append(_ request: TraceBuilder.Request) {
        rows.initializeElement(at: count, to: request.row)
        uncachedTokens?.initializeElement(at: count, to: min(max(request.uncachedTokens, 1), request.row.promptTokens))
        workloads?.initializeElement(at: count, to: request.workload)
        sessions?.initializeElement(at: count, to: request.session)
        count += 1
    }

    /// A request with all the columns that the chunk has.
    func request(_ index: Int) -> TraceBuilder.Request {
        TraceBuilder.Request(
            row: rows[index], uncachedTokens: uncachedTokens?[index], workload: workloads?[index] ?? 0,
            session: sessions?[index] ?? 0)
    }

    /// Only before the builder lets go of the chunk.
    func shiftArrivals(by seconds: Double) {
        for index in 0..<count { rows[index].arrival += seconds }
    }
}

/// The optional columns of a trace.
package struct TraceColumns: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let uncachedTokens = TraceColumns(rawValue: 1)
    package static let workload = TraceColumns(rawValue: 2)
    package static let session = TraceColumns(rawValue: 4)
}
