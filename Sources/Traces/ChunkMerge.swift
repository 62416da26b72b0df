/// Sorts chunks of requests by arrival, letting go of each chunk as soon as it is used up.
///
/// Each chunk is sorted by itself, then all are merged by a binary heap, O(n log n). A trace that is nearly in order (the
/// usual case: log lines written on completion) never holds more than a few chunks twice. Stable.
struct ChunkMerge {
    private var sources: [ChunkCursor]
    /// Numbers of the sources that still have requests; the first has the earliest. A binary heap.
    private var heap: [Int]

    init(_ chunks: consuming [RequestChunk]) {
        sources = chunks.map(ChunkCursor.init)
        // In the order of the chunks' first arrivals, which is a heap already.
        heap = Array(sources.indices)
        heap.sort { [sources] in Self.precedes(sources, $0, $1) }
    }

    private static func precedes(_ sources: [ChunkCursor], _ left: Int, _ right: Int) -> Bool {
        (sources[left].arrival, left) < (sources[right].arrival, right)
    }

    /// The earliest request that is left.
    mutating func next() -> TraceBuilder.Request? {
        guard let first = heap.first else { return nil }
        let request = sources[first].take()
        if sources[first].isAtEnd {
            let last = heap.removeLast()
            if heap.isEmpty { return request }
            heap[0] = last
        }
        siftDown()
        return request
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, Self.precedes(sources, heap[child + 1], heap[child]) { child += 1 }
            guard Self.precedes(sources, heap[child], heap[parent]) else { return }
            heap.swapAt(parent, child)
            parent = child
        }
    }
}

/// Walks over one chunk in the order of arrival.
private struct ChunkCursor {
    /// Nil when used up.
    private var chunk: RequestChunk?
    /// Positions in the order of arrival; empty when they lie in order already.
    private var order: [UInt32] = []
    private var position = 0
    private(set) var arrival: Double

    init(_ chunk: RequestChunk) {
        precondition(chunk.count > 0, "a chunk has requests")
        self.chunk = chunk
        let rows = UnsafeBufferPointer(rebasing: chunk.rows[..<chunk.count])
        arrival = rows.reduce(.infinity) { min($0, $1.arrival) }
    }

    /// Puts the positions in order at the first use, so that the orders of all chunks never exist at once.
    private mutating func prepare(_ chunk: RequestChunk) {
        let rows = chunk.rows
        guard !zip(0..<chunk.count - 1, 1..<chunk.count).allSatisfy({ rows[$0].arrival <= rows[$1].arrival }) else {
            return
        }
        order = Array(0..<UInt32(chunk.count))
        order.sort { (rows[Int($0)].arrival, $0) < (rows[Int($1)].arrival, $1) }
    }

    var isAtEnd: Bool { chunk == nil }

    mutating func take() -> TraceBuilder.Request {
        guard let chunk else { preconditionFailure("the chunk is used up") }
        if position == 0 { prepare(chunk) }
        let request = chunk.request(index(position))
        position += 1
        if position < chunk.count {
            arrival = chunk.rows[index(position)].arrival
        } else {
            self.chunk = nil
            order = []
        }
        return request
    }

    private func index(_ position: Int) -> Int { order.isEmpty ? position : Int(order[position]) }
}
