package import Traces

/// Reads a trace from a file, compressed with gzip or not.
///
/// - Parameters:
///   - path: the file; `-` is the standard input.
///   - options: layout and what to fill in.
/// - Returns: the trace, named after the file, with notes for people.
/// - Throws: `TraceError` with file, line, column and remedy.
package func load(
    _ path: String, options: TraceReadingOptions = TraceReadingOptions()
) throws(TraceError) -> LoadedTrace {
    let input = try GzipInput(path: path)
    var reader = TraceReader(file: path, options: options)
    while let block = try input.next() { try reader.feed(block) }
    return try reader.finish(name: traceName(path: path))
}

/// The name of a trace in reports: the file's name without `.gz`, `.csv`, `.json`, `.jsonl` and `.txt`.
package func traceName(path: String) -> String {
    guard path != "-" else { return "stdin" }
    var name = path.split(separator: "/").last.map(String.init) ?? path
    for suffix in [".gz", ".csv", ".jsonl", ".json", ".txt"] where name.hasSuffix(suffix) && name.count > suffix.count {
        name.removeLast(suffix.count)
    }
    return name
}
