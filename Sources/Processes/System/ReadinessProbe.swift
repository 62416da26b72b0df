internal import Glibc

/// One question "are you ready?" over HTTP/1.1 that never blocks: the owner waits until the socket can go on, and asks again.
struct ReadinessProbe {
    enum Answer: Hashable {
        /// Wait for the socket.
        case pending
        /// The status of the answer.
        case status(Int)
        /// There was no answer; says why.
        case failed(String)
    }

    private enum Stage { case sending, receiving }

    let socket: Descriptor
    private var stage = Stage.sending
    private var unsent: ArraySlice<UInt8>
    private var received: [UInt8] = []

    /// "HTTP/1.1 200" is all that is looked at.
    private static let statusLength = 12

    /// Begins to connect to a port of this machine.
    init(port: Int, path: String) throws {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let number = Glibc.socket(AF_INET, kind, 0)
        guard number >= 0 else { throw SystemCallError("open a socket") }
        socket = Descriptor(number)
        let request =
            "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUser-Agent: tideway\r\nConnection: close\r\n\r\n"
        unsent = Array(request.utf8)[...]
        let result = withLoopbackAddress(port: port) { connect(number, $0, $1) }
        guard result == 0 || errno == EINPROGRESS else { throw SystemCallError("connect") }
    }

    /// What `poll` is to wait for.
    var events: Int16 { Int16(stage == .sending ? POLLOUT : POLLIN) }

    /// Goes on as far as it can without waiting. After an answer other than `pending` it is used up.
    mutating func advance() -> Answer {
        if stage == .sending, let answer = sendRest() { return answer }
        return receive()
    }

    private mutating func sendRest() -> Answer? {
        while !unsent.isEmpty {
            let count = unsent.withUnsafeBytes { send(socket.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0 { return Self.isTransient(errno) ? .pending : .failed(String(cString: strerror(errno))) }
            unsent = unsent.dropFirst(count)
        }
        stage = .receiving
        return nil
    }

    private mutating func receive() -> Answer {
        var block = [UInt8](repeating: 0, count: 64)
        while received.count < Self.statusLength {
            let count = recv(socket.number, &block, block.count, 0)
            if count < 0 { return Self.isTransient(errno) ? .pending : .failed(String(cString: strerror(errno))) }
            if count == 0 { return .failed("the connection was closed before an answer") }
            received += block[..<count]
        }
        return Self.status(of: received)
    }

    private static func isTransient(_ number: Int32) -> Bool {
        number == EAGAIN || number == EINTR || number == EINPROGRESS || number == ENOTCONN
    }

    private static func status(of bytes: [UInt8]) -> Answer {
        let line = String(decoding: bytes.prefix(statusLength), as: UTF8.self)
        guard line.hasPrefix("HTTP/1."), let status = Int(line.suffix(3)) else {
            return .failed("what answers there does not speak HTTP/1.1")
        }
        return .status(status)
    }
}
