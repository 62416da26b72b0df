package import Traces

/// Reads measurements from a file, compressed with gzip or not; a file of requests is read as a trace.
///
/// - Parameters:
///   - path: the file; `-` is the standard input.
///   - column: the name of the values' column; nil takes what a rate series calls its values.
///   - covariates: names of other columns.
///   - options: for files of requests.
/// - Returns: measurements, or the trace of a file of requests.
/// - Throws: `TraceError` with file, line, column and remedy.
package func loadSeries(
    _ path: String, column: String?, covariates: [String], options: TraceReadingOptions
) throws(TraceError) -> MeasuredInput {
    let input = try GzipInput(path: path)
    var reader = SeriesReader(file: path, column: column, covariates: covariates, options: options)
    while let block = try input.next() { try reader.feed(block) }
    return try reader.finish(name: traceName(path: path))
}
