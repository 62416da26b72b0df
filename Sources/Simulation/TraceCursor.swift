internal import Traces

/// Walks a trace's requests in order of arrival.
struct TraceCursor {
    private let trace: Trace
    private var chunk = -1
    private var rows: UnsafeMutablePointer<RequestRow>?
    private var uncached: UnsafeMutablePointer<UInt32>?
    private var offset = 0
    private var end = 0
    /// The number of the next request.
    private(set) var index = 0
    /// When the next request arrives; infinite after the last.
    private(set) var nextArrival = Double.infinity

    init(_ trace: Trace) {
        self.trace = trace
        loadChunk()
    }

    /// The next request. There must be one.
    @inline(__always)
    mutating func take() -> (row: RequestRow, uncachedTokens: UInt32) {
        guard let rows else { preconditionFailure("no request is left") }
        let row = rows[offset]
        let uncachedTokens = uncached.map { $0[offset] } ?? row.promptTokens
        offset += 1
        index += 1
        if offset == end { loadChunk() } else { nextArrival = rows[offset].arrival }
        return (row, uncachedTokens)
    }

    private mutating func loadChunk() {
        chunk += 1
        offset = 0
        guard chunk < trace.chunks.count, trace.chunks[chunk].count > 0 else {
            rows = nil
            nextArrival = .infinity
            return
        }
        let next = trace.chunks[chunk]
        rows = next.rows.baseAddress
        uncached = next.uncachedTokens?.baseAddress
        end = next.count
        nextArrival = next.rows[0].arrival
    }
}
