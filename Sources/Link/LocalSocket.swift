internal import Glibc

/// A Unix-domain socket by its path.
enum LocalSocket {
    /// Bytes of a path that fit an address, its end mark left out.
    static let pathLimit = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
    private static let backlog: Int32 = 64

    /// A listening socket that only its owner can use.
    ///
    /// A socket file that nobody answers on is what a process left that ended abruptly; it is replaced.
    ///
    /// - Parameter path: absolute.
    /// - Returns: its descriptor.
    /// - Throws: `LinkError`: path too long, in use, not a socket, or refused by the system.
    static func listen(at path: String) throws(LinkError) -> CInt {
        try checkLength(path)
        try removeStale(path)
        let descriptor = try open(path)
        // The file takes its mode from the socket, so that there is no moment in which others may connect.
        guard fchmod(descriptor, 0o600) == 0 else { throw failure("protect", path, closing: descriptor) }
        guard withAddress(path, { Glibc.bind(descriptor, $0, $1) }) == 0 else {
            throw failure("listen on", path, closing: descriptor)
        }
        guard Glibc.listen(descriptor, backlog) == 0 else { throw failure("listen on", path, closing: descriptor) }
        return descriptor
    }

    /// Removes the file of a socket that nobody listens on any more.
    static func remove(_ path: String) { unlink(path) }

    static func checkLength(_ path: String) throws(LinkError) {
        guard path.utf8.count <= pathLimit else { throw .pathTooLong(path, limit: pathLimit) }
    }

    /// Whether somebody accepts connections there.
    private static func isAnswered(_ path: String) throws(LinkError) -> Bool {
        let descriptor = try open(path)
        defer { close(descriptor) }
        // A full backlog (EAGAIN) has a listener too.
        return withAddress(path) { connect(descriptor, $0, $1) } == 0 || errno == EAGAIN
    }

    private static func removeStale(_ path: String) throws(LinkError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
        guard try !isAnswered(path) else { throw .inUse(path) }
        guard unlink(path) == 0 || errno == ENOENT else { throw .system("replace", path, number: errno) }
    }

    private static func open(_ path: String) throws(LinkError) -> CInt {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw .system("open", path, number: errno) }
        return descriptor
    }

    private static func failure(_ action: String, _ path: String, closing descriptor: CInt) -> LinkError {
        let number = errno
        close(descriptor)
        return .system(action, path, number: number)
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// The system's words for an error number.
func errorText(_ number: Int32) -> String { String(cString: strerror(number)) }
