package import Traces

/// Bytes of a distribution's file.
private let distributionBytesMax = 16 << 20

/// Reads a token distribution from a file with points of its cumulative distribution function, compressed or not.
/// `service` chooses one of several in the file. Throws `TraceError` with file, line and remedy.
package func loadTokenDistribution(_ path: String, service: String?) throws(TraceError) -> TokenDistribution {
    let input = try GzipInput(path: path)
    var bytes: [UInt8] = []
    while let block = try input.next() {
        bytes.append(contentsOf: block)
        guard bytes.count <= distributionBytesMax else {
            throw TraceError(
                .limit, file: path, problem: "the file is longer than \(distributionBytesMax) bytes",
                remedy: "A distribution has one row for each point: tokens,cdf_percent.")
        }
    }
    var result = Result<TokenDistribution, TraceError>.failure(.init(.empty, file: path, problem: "", remedy: ""))
    bytes.withUnsafeBufferPointer { table in
        result = Result { () throws(TraceError) in
            try TokenDistribution(table: table, file: path, service: service)
        }
    }
    return try result.get()
}
