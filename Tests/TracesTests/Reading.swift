import Traces

/// Reads a text as a file, `blockBytes` at a time.
func read(
    _ text: String, file: String = "a.csv", options: TraceReadingOptions = TraceReadingOptions(), blockBytes: Int = 7
) throws -> LoadedTrace {
    var reader = TraceReader(file: file, options: options)
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
        let end = min(start + blockBytes, bytes.count)
        let block = Array(bytes[start..<end])
        // The block's memory is gone after the call, as in a file adapter.
        var failure: TraceError?
        block.withUnsafeBufferPointer { pointer in
            do throws(TraceError) { try reader.feed(pointer) } catch { failure = error }
        }
        if let failure { throw failure }
        start = end
    }
    return try reader.finish(name: "a")
}

/// The message of the error that reading a text ends with.
func errorMessage(_ text: String, options: TraceReadingOptions = TraceReadingOptions()) -> String {
    do {
        let loaded = try read(text, options: options)
        return "read \(loaded.trace.count) requests"
    } catch {
        return "\(error)"
    }
}

extension Trace {
    var rows: [RequestRow] { (0..<count).map { self[$0] } }
    var arrivals: [Double] { rows.map(\.arrival) }
    var uncached: [UInt32] { (0..<count).map { uncachedTokens($0) } }
}

func row(_ arrival: Double, _ promptTokens: UInt32, _ outputTokens: UInt32) -> RequestRow {
    RequestRow(arrival: arrival, promptTokens: promptTokens, outputTokens: outputTokens)
}
