internal import CZlib
internal import Glibc
package import Traces

/// Requests formatted at once.
private let rowsPerBlock = 4_096

/// Writes a trace as the generic table, compressed when the path ends in `.gz`; `-` is the standard output.
///
/// The file appears under its name when it is complete; until then it is called `<path>.partial`. Throws `TraceError`
/// when it cannot be written.
package func write(_ trace: Trace, to path: String) throws(TraceError) {
    let isStandardOutput = path == "-"
    let partial = isStandardOutput ? path : path + ".partial"
    // "T" writes the bytes as they are, through the same calls.
    let mode = path.hasSuffix(".gz") ? "wb6" : "wbT"
    guard let handle = isStandardOutput ? gzdopen(dup(1), mode) : gzopen(partial, mode) else {
        throw writeError(path, String(cString: strerror(errno)))
    }
    let isWritten = writeBlocks(trace, to: handle)
    let reason = String(cString: strerror(errno))
    guard gzclose_w(handle) == Z_OK, isWritten else {
        if !isStandardOutput { unlink(partial) }
        throw writeError(path, reason)
    }
    guard isStandardOutput || rename(partial, path) == 0 else {
        throw writeError(path, String(cString: strerror(errno)))
    }
}

private func writeBlocks(_ trace: Trace, to handle: gzFile) -> Bool {
    let table = TraceTable(trace)
    var bytes = table.header
    var next = 0
    repeat {
        let end = min(next + rowsPerBlock, trace.count)
        table.append(next..<end, to: &bytes)
        guard gzwrite(handle, bytes, UInt32(bytes.count)) == bytes.count else { return false }
        bytes.removeAll(keepingCapacity: true)
        next = end
    } while next < trace.count
    return true
}

private func writeError(_ path: String, _ reason: String) -> TraceError {
    TraceError(
        .file, file: path, problem: "cannot be written: \(reason)", remedy: "Check the path and the space on the disk.")
}
