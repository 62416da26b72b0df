/// Requests in the order of their arrival, in packed columns: 16 bytes a request, and 4 for each optional column.
///
/// Rows are kept in chunks of equal capacity, so that a trace of tens of millions of requests grows without being copied.
package struct Trace: Sendable {
    /// What reports call it.
    package var name: String
    /// All chunks but the last are full.
    package let chunks: [RequestChunk]
    package let count: Int
    /// The names that the workload column's numbers stand for; empty without that column.
    package let workloadNames: [String]

    init(name: String, chunks: [RequestChunk], workloadNames: [String]) {
        self.name = name
        self.chunks = chunks
        self.count = chunks.reduce(0) { $0 + $1.count }
        self.workloadNames = workloadNames
    }

    package var isEmpty: Bool { count == 0 }

    /// - Parameter index: 0 ..< count.
    package subscript(index: Int) -> RequestRow {
        precondition(index >= 0 && index < count, "request \(index) of a trace of \(count)")
        return chunks[index / RequestChunk.capacity].rows[index % RequestChunk.capacity]
    }

    /// Prompt tokens of a request that no prefix cache holds, 1 ... promptTokens.
    package func uncachedTokens(_ index: Int) -> UInt32 {
        let chunk = chunks[index / RequestChunk.capacity]
        let offset = index % RequestChunk.capacity
        return chunk.uncachedTokens?[offset] ?? chunk.rows[offset].promptTokens
    }

    /// The number of a request's workload in `workloadNames`; nil without that column.
    package func workload(_ index: Int) -> UInt32? {
        chunks[index / RequestChunk.capacity].workloads?[index % RequestChunk.capacity]
    }

    /// The request's session; nil without that column.
    package func session(_ index: Int) -> UInt32? {
        chunks[index / RequestChunk.capacity].sessions?[index % RequestChunk.capacity]
    }

    package var hasUncachedTokens: Bool { chunks.first?.uncachedTokens != nil }
    package var hasSessions: Bool { chunks.first?.sessions != nil }
    package var hasWorkloads: Bool { chunks.first?.workloads != nil }

    /// Arrival of the first request in seconds; 0 for an empty trace.
    package var firstArrival: Double { isEmpty ? 0 : self[0].arrival }
    /// Arrival of the last request in seconds; 0 for an empty trace.
    package var lastArrival: Double { isEmpty ? 0 : self[count - 1].arrival }

    /// Calls `body` for each request in order; about 1 ns a request.
    package func forEach(_ body: (RequestRow) throws -> Void) rethrows {
        for chunk in chunks {
            for row in UnsafeBufferPointer(rebasing: chunk.rows[..<chunk.count]) { try body(row) }
        }
    }
}
