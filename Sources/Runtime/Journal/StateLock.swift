internal import Glibc

/// Keeps a second controller out of a state folder. The kernel gives it back when the process ends, however it ends.
package final class StateLock: Sendable {
    private let descriptor: CInt

    /// Takes the lock.
    ///
    /// - Parameter path: of the lock file; it holds the holder's process id.
    /// - Throws: `JournalError`: `locked`, naming the holder; or the system's refusal.
    package init(path: String) throws(JournalError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("open", path, number: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            let holder = StateLock.holder(descriptor)
            close(descriptor)
            throw number == EWOULDBLOCK
                ? .locked(path, holder: holder) : .system("lock", path, number: number)
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
            let number = errno
            close(descriptor)
            throw .system("write", path, number: number)
        }
    }

    deinit { close(descriptor) }

    private static func holder(_ descriptor: CInt) -> String? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        return text.split(separator: "\n").first.map(String.init)
    }
}
