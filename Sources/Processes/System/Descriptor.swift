internal import Glibc

/// An open file, socket, pipe or process; closed with the last reference.
final class Descriptor: Sendable {
    let number: Int32

    init(_ number: Int32) {
        precondition(number >= 0, "a descriptor is not negative")
        self.number = number
    }

    deinit { close(number) }
}

/// Names in a folder, sorted; none when it cannot be read.
func folderEntries(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// What stands in a file, up to `limit` bytes from its end when `fromEnd`, else from its beginning; nil when it cannot be read.
func fileBytes(_ path: String, limit: Int = 1 << 20, fromEnd: Bool = false) -> [UInt8]? {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    let file = Descriptor(number)
    if fromEnd {
        let size = Int(lseek(file.number, 0, SEEK_END))
        lseek(file.number, max(0, size - limit), SEEK_SET)
    }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: min(limit, 64 << 10))
    while bytes.count < limit {
        let count = read(file.number, &block, min(block.count, limit - bytes.count))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { break }
        bytes += block[..<count]
    }
    return bytes
}

func fileText(_ path: String) -> String? {
    fileBytes(path).map { String(decoding: $0, as: UTF8.self) }
}

/// Writes into a file that exists, as the kernel's control files want it: at once, and without making the file.
func writeControl(_ text: String, to path: String) throws {
    let number = open(path, O_WRONLY | O_CLOEXEC)
    guard number >= 0 else { throw SystemCallError("open \(path)") }
    let file = Descriptor(number)
    let bytes = Array(text.utf8)
    guard write(file.number, bytes, bytes.count) == bytes.count else { throw SystemCallError("write \(path)") }
}

/// Seconds of the clock that all processes of this machine share, and that nobody sets.
func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
