internal import Foundation
internal import Synchronization

/// A server that costs next to nothing, behind the proxies: `/answer/BYTES` is answered with so many, `/stream/MILLISECONDS`
/// with an event at each such interval until the connection ends, anything else with two bytes.
final class StubUpstream: Sendable {
    /// What it has done so far.
    final class Counters: Sendable {
        let answers = Atomic<Int>(0)
        let events = Atomic<Int>(0)
        let openStreams = Atomic<Int>(0)
    }

    let port: Int
    let counters = Counters()

    /// Serves on a thread of its own until the program ends.
    ///
    /// - Throws: `BenchmarkError` when there is no port.
    init() throws {
        let listener = try LoopbackSocket.listen()
        port = listener.port
        let counters = self.counters
        let thread = Thread { StubLoop(listener: listener.descriptor, counters).run() }
        thread.name = "stub"
        thread.start()
    }
}
