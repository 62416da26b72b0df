/// Writes a trace as the generic table: `timestamp,prompt_tokens,output_tokens` and the optional columns that it has.
///
/// Times have at least six decimals and as many as nanoseconds need, so that a trace read again has the same arrivals
/// to a nanosecond. Pure: makes bytes, chunk by chunk.
package struct TraceTable {
    private let trace: Trace

    package init(_ trace: Trace) { self.trace = trace }

    /// The first line.
    package var header: [UInt8] {
        var names = ["timestamp", "prompt_tokens", "output_tokens"]
        if trace.hasUncachedTokens { names.append("uncached_prompt_tokens") }
        if trace.hasWorkloads { names.append("workload") }
        if trace.hasSessions { names.append("session") }
        return Array((names.joined(separator: ",") + "\n").utf8)
    }

    /// Appends the lines of the requests with these indices.
    package func append(_ indices: Range<Int>, to bytes: inout [UInt8]) {
        for index in indices {
            let request = trace.request(index)
            Self.append(seconds: request.row.arrival, to: &bytes)
            Self.append(comma: Int64(request.row.promptTokens), to: &bytes)
            Self.append(comma: Int64(request.row.outputTokens), to: &bytes)
            if trace.hasUncachedTokens { Self.append(comma: Int64(request.uncachedTokens), to: &bytes) }
            if trace.hasWorkloads { Self.append(name: trace.workloadNames[Int(request.workload)], to: &bytes) }
            if trace.hasSessions { Self.append(comma: Int64(request.session), to: &bytes) }
            bytes.append(10)
        }
    }

    /// Times from here on (31 years) have too few bits for nanoseconds.
    private static let exactSecondsMax = 1e9

    private static func append(seconds: Double, to bytes: inout [UInt8]) {
        guard abs(seconds) < exactSecondsMax else { return bytes.append(contentsOf: "\(seconds)".utf8) }
        let nanoseconds = Int64((seconds * 1e9).rounded())
        if nanoseconds < 0 { bytes.append(UInt8(ascii: "-")) }
        let (whole, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        append(digits: whole, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        var unit: UInt64 = 100_000_000
        var rest = fraction
        while unit > 0, unit >= 1_000 || rest > 0 {
            bytes.append(48 + UInt8(rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    private static func append(comma value: Int64, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: ","))
        append(digits: value.magnitude, to: &bytes)
    }

    private static func append(digits value: UInt64, to bytes: inout [UInt8]) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(48 + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }

    private static func append(name: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: ","))
        let needsQuotes = name.utf8.contains(UInt8(ascii: ","))
        bytes.append(contentsOf: needsQuotes ? Array("\"\(name)\"".utf8) : Array(name.utf8))
    }
}
