internal import Foundation

/// A connection to the stub: requests in, answers out.
struct StubConnection {
    let descriptor: Int32
    /// An event at each such interval, in nanoseconds; nil when it is no stream.
    private(set) var interval: UInt64?
    private(set) var nextEventTime: UInt64 = 0
    private var inbox: [UInt8] = []
    private var outbox: [UInt8] = []
    private var sentBytes = 0

    init(descriptor: Int32) { self.descriptor = descriptor }

    var hasToWrite: Bool { sentBytes < outbox.count }

    /// Takes in what came; false when the connection has ended.
    mutating func read(_ scratch: inout [UInt8]) -> Bool {
        let count = recv(descriptor, &scratch, scratch.count, 0)
        guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
        inbox += scratch[..<count]
        return true
    }

    /// The path of the next request that is there as a whole.
    mutating func nextPath() -> String? {
        guard let end = headEnd(), inbox.count >= end + bodyBytes(headEnd: end) else { return nil }
        let path = inbox[..<end].split(separator: UInt8(ascii: " "), maxSplits: 2).dropFirst().first
        let text = path.map { String(decoding: $0, as: UTF8.self) }
        inbox.removeFirst(end + bodyBytes(headEnd: end))
        return text ?? ""
    }

    private func headEnd() -> Int? {
        guard inbox.count >= 4 else { return nil }
        for index in 0...(inbox.count - 4) where inbox[index] == 13 {
            if inbox[index + 1] == 10, inbox[index + 2] == 13, inbox[index + 3] == 10 { return index + 4 }
        }
        return nil
    }

    /// By `Content-Length`, however it is spelled; chunks are not understood.
    private func bodyBytes(headEnd: Int) -> Int {
        let name = Array("\ncontent-length:".utf8)
        for start in 0..<max(headEnd - name.count, 0) where inbox[start] == 10 {
            guard name.indices.allSatisfy({ inbox[start + $0] | 0x20 == name[$0] | 0x20 }) else { continue }
            let digits = inbox[(start + name.count)..<headEnd].drop { $0 == 32 }.prefix { (48...57).contains($0) }
            return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        }
        return 0
    }

    mutating func beginStream(interval: UInt64, firstEventTime: UInt64) {
        self.interval = interval
        nextEventTime = firstEventTime
    }

    /// An event was sent: when the next one is due.
    mutating func scheduleNext(after now: UInt64) {
        guard let interval else { return }
        // A stub that was held up does not catch up: that would be a burst, not a stream.
        nextEventTime = max(nextEventTime + interval, now)
    }

    /// Sends bytes, and keeps what the system does not take at once; false when the connection has ended.
    mutating func write(_ bytes: [UInt8]) -> Bool {
        if hasToWrite {
            outbox += bytes
            return true
        }
        outbox = bytes
        sentBytes = 0
        return flush()
    }

    mutating func flush() -> Bool {
        while hasToWrite {
            let count = outbox.withUnsafeBytes { all in
                all.baseAddress.map { send(descriptor, $0 + sentBytes, all.count - sentBytes, noSignal) } ?? 0
            }
            guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
            sentBytes += count
        }
        return true
    }

    private var noSignal: Int32 {
        #if canImport(Glibc)
            Int32(MSG_NOSIGNAL)
        #else
            0
        #endif
    }
}
