internal import Glibc

/// Keeps a second controller out of a state folder. The kernel gives it back when the process ends, however it ends.
package final class StateLock: Sendable {
    /// How long a lock is tried for. A child that its last owner was starting when it was killed holds a copy until it turns
    /// into its program, some milliseconds later.
    private static let patience = Duration.seconds(2)
    private static let pauseMicroseconds: UInt32 = 10_000

    private let descriptor: CInt

    /// Takes the lock. One that is held is waited for two seconds at most, and the thread with it.
    ///
    /// - Parameter path: of the lock file; it holds the holder's process id.
    /// - Throws: `JournalError`: `locked`, naming the holder; or the system's refusal.
    package init(path: String) throws(JournalError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("open", path, number: errno) }
        let number = StateLock.tryLock(descriptor)
        guard number == 0 else {
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

    /// Gives the lock back, whoever still has this object.
    package func release() { flock(descriptor, LOCK_UN) }

    /// The error's number; 0 with the lock taken.
    private static func tryLock(_ descriptor: CInt) -> CInt {
        let end = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            guard number == EWOULDBLOCK || number == EINTR, ContinuousClock.now < end else { return number }
            usleep(pauseMicroseconds)
        }
        return 0
    }

    private static func holder(_ descriptor: CInt) -> String? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        return text.split(separator: "\n").first.map(String.init)
    }
}
