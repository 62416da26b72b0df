internal import Glibc

/// Keeps a log bounded while its writer, which may outlive us, goes on writing at its end: what stands in it is copied to
/// `log.1`, and the file is cut to nothing. A line that is written between the last look and the cut is lost.
struct LogRotation: Hashable {
    /// A log that is longer is rotated; of one that grew faster than it was looked at, the end is kept.
    var byteLimit: Int
    /// Files in all, the one that is written too.
    var fileCount: Int

    /// Rotates when it is needed; true when it was.
    func rotate(_ path: String) -> Bool {
        guard Self.size(of: path) > byteLimit else { return false }
        if fileCount > 1 {
            for number in stride(from: fileCount - 2, to: 0, by: -1) {
                rename("\(path).\(number)", "\(path).\(number + 1)")
            }
            copyEnd(of: path, to: "\(path).1")
        }
        truncate(path, 0)
        return true
    }

    static func size(of path: String) -> Int {
        var information = stat()
        return stat(path, &information) == 0 ? Int(information.st_size) : 0
    }

    /// The last lines, for a message; those of the rotated file when the log was just cut.
    static func lastLines(of path: String, count: Int = 5, byteLimit: Int = 1000) -> [String] {
        for candidate in [path, "\(path).1"] {
            let text = String(decoding: fileBytes(candidate, limit: byteLimit, fromEnd: true) ?? [], as: UTF8.self)
            let lines = text.split(whereSeparator: \.isNewline).suffix(count)
            if !lines.isEmpty { return lines.map(String.init) }
        }
        return []
    }

    private func copyEnd(of path: String, to target: String) {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { return }
        let reading = Descriptor(source)
        let destination = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard destination >= 0 else { return }
        let writing = Descriptor(destination)
        lseek(reading.number, max(0, lseek(reading.number, 0, SEEK_END) - byteLimit), SEEK_SET)
        var block = [UInt8](repeating: 0, count: 64 << 10)
        var copied = 0
        // A writer that is faster than we are must not keep us here.
        while copied < byteLimit {
            let count = read(reading.number, &block, min(block.count, byteLimit - copied))
            guard count > 0, write(writing.number, block, count) == count else { return }
            copied += count
        }
    }
}
