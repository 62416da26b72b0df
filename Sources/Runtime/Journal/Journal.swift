internal import Foundation
internal import Glibc

/// What must survive the controller: replicas and orders in flight, what was learned, what people asked for.
///
/// A file of lines that only grows, and is written anew when most of it is outdated. An order is on the disk before it is
/// carried out, so that the next controller looks for what may run. Not for use from two threads at once.
package final class Journal: @unchecked Sendable {
    // Sendable by use: it is made, handed over once, and then touched by the loop's task alone.

    /// Lines after which the file is written anew, beside those that its state needs.
    static let outdatedLineLimit = 2_000
    /// A larger file is none of ours.
    static let byteLimit = 256 << 20

    private let path: String
    private var descriptor: CInt
    private var lineCount: Int
    private var length: Int
    private(set) package var state: JournalState
    /// Lines that were passed over when the file was read, from 1.
    package let badLines: [Int]
    /// Bytes of a last line that was written in part, and is cut off.
    package let tornBytes: Int

    /// Opens the file, or makes it.
    ///
    /// - Parameter path: of the journal.
    /// - Throws: `JournalError` when the system refuses.
    package init(path: String) throws(JournalError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("open", path, number: errno) }
        let bytes: [UInt8]
        do {
            bytes = try Journal.contents(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
        let reading = JournalLines.read(bytes)
        state = reading.state
        lineCount = reading.lineCount
        badLines = reading.badLines
        length = reading.wholeLength
        tornBytes = bytes.count - reading.wholeLength
        guard tornBytes == 0 || ftruncate(descriptor, length) == 0 else {
            let number = errno
            close(descriptor)
            throw .system("mend", path, number: number)
        }
    }

    deinit { close(descriptor) }

    /// Writes entries at the end.
    ///
    /// - Parameters:
    ///   - entries: in order.
    ///   - isDurable: whether they are on the disk when this returns, power cut or not. Others survive the end of the process.
    /// - Throws: `JournalError` when the system refuses; then none of them counts.
    package func append(_ entries: [JournalEntry], isDurable: Bool) throws(JournalError) {
        guard !entries.isEmpty else { return }
        let bytes = entries.flatMap(JournalLines.line)
        try write(bytes, to: descriptor, path, at: length)
        if isDurable, fdatasync(descriptor) != 0 { throw .system("secure", path, number: errno) }
        length += bytes.count
        lineCount += entries.count
        for entry in entries { state.apply(entry) }
        if lineCount > Journal.outdatedLineLimit + 2 * state.entries.count { try compact() }
    }

    /// Writes the file anew with what holds now: beside the old one, then in its place.
    package func compact() throws(JournalError) {
        let entries = state.entries
        let bytes = entries.flatMap(JournalLines.line)
        let draft = path + ".new"
        let newDescriptor = open(draft, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard newDescriptor >= 0 else { throw .system("open", draft, number: errno) }
        do throws(JournalError) {
            try write(bytes, to: newDescriptor, draft, at: 0)
            guard fsync(newDescriptor) == 0 else { throw JournalError.system("secure", draft, number: errno) }
            guard rename(draft, path) == 0 else { throw JournalError.system("replace", path, number: errno) }
        } catch {
            close(newDescriptor)
            throw error
        }
        secureFolder()
        close(descriptor)
        (descriptor, length, lineCount) = (newDescriptor, bytes.count, entries.count)
    }

    /// The new name of a file survives a power cut only when its folder was written too.
    private func secureFolder() {
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private func write(_ bytes: [UInt8], to descriptor: CInt, _ path: String, at offset: Int) throws(JournalError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written, offset + written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .system("write", path, number: errno) }
            written += count
        }
    }

    private static func contents(_ descriptor: CInt, _ path: String) throws(JournalError) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("read", path, number: errno) }
        guard status.st_size <= byteLimit else {
            throw JournalError(
                code: .system,
                description: "\(path) has \(status.st_size) bytes and is no journal of ours; move it away")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled, filled)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .system("read", path, number: errno) }
            filled += count
        }
        return bytes
    }
}
