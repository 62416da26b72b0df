internal import Dispatch
internal import Glibc
internal import Synchronization

/// Writes a line of JSON per request. The loops only append to a bounded buffer; another thread writes. When that one cannot
/// keep up, lines are dropped and counted.
final class AccessLog: Sendable {
    static let byteLimit = 4 << 20

    private struct Buffer {
        var bytes: [UInt8] = []
        var isScheduled = false
        var droppedLines = 0
    }

    private let descriptor: Int32
    private let buffer = Mutex(Buffer())
    private let queue = DispatchQueue(label: "tideway.access-log")

    /// - Parameter path: a file to append to; "-" is standard output.
    /// - Throws: `GatewayError` when the file cannot be opened.
    init(path: String) throws {
        descriptor = path == "-" ? STDOUT_FILENO : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw GatewayError(
                code: .accessLog,
                message: "\(path): cannot be opened (\(String(cString: strerror(errno)))); gateway.accessLog names it")
        }
    }

    deinit { if descriptor != STDOUT_FILENO { Glibc.close(descriptor) } }

    /// Lines that were lost because the buffer was full.
    var droppedLines: Int { buffer.withLock { $0.droppedLines } }

    /// Takes in a line, without its line feed.
    func append(_ line: String) {
        let mustSchedule = buffer.withLock { buffer in
            guard buffer.bytes.count + line.utf8.count < AccessLog.byteLimit else {
                buffer.droppedLines += 1
                return false
            }
            buffer.bytes.append(contentsOf: line.utf8)
            buffer.bytes.append(Byte.lineFeed)
            defer { buffer.isScheduled = true }
            return !buffer.isScheduled
        }
        if mustSchedule { queue.async { self.write() } }
    }

    /// Waits until everything is written.
    func flush() { queue.sync { write() } }

    private func write() {
        let bytes = buffer.withLock { buffer in
            buffer.isScheduled = false
            return consumed(&buffer.bytes)
        }
        bytes.withUnsafeBytes { all in
            var offset = 0
            while offset < all.count, let base = all.baseAddress {
                let count = Glibc.write(descriptor, base + offset, all.count - offset)
                guard count > 0 || errno == EINTR else { return }
                offset += max(count, 0)
            }
        }
    }

    private func consumed(_ bytes: inout [UInt8]) -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }
}
