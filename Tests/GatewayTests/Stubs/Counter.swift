import NIOCore
import Synchronization

/// A number that several threads add to.
final class Counter: Sendable {
    private let number = Mutex(0)
    var value: Int { number.withLock { $0 } }
    func add(_ amount: Int) { number.withLock { $0 += amount } }
}

/// Text as a buffer.
struct ByteBufferText {
    let buffer: ByteBuffer
    init(_ text: String) { buffer = ByteBuffer(string: text) }
}
