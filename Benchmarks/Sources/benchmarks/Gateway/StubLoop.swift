internal import Foundation
internal import Synchronization

/// The one thread of the stub. `poll` is enough for the few connections of a benchmark.
final class StubLoop {
    private let listener: Int32
    private let counters: StubUpstream.Counters
    private var connections: [StubConnection] = []
    private var scratch = [UInt8](repeating: 0, count: 1 << 16)
    private var answers: [Int: [UInt8]] = [:]
    private var streamCount: UInt64 = 0
    private let event = StubAnswer.event()

    init(listener: Int32, _ counters: StubUpstream.Counters) {
        self.listener = listener
        self.counters = counters
    }

    func run() {
        while true {
            var waiting = connections.map { connection in
                pollfd(
                    fd: connection.descriptor, events: Int16(connection.hasToWrite ? POLLIN | POLLOUT : POLLIN),
                    revents: 0)
            }
            waiting.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
            _ = poll(&waiting, nfds_t(waiting.count), timeout())
            serve(waiting)
            sendEvents()
            if waiting[waiting.count - 1].revents != 0 { accept() }
        }
    }

    /// Milliseconds up to the next event, -1 for none.
    private func timeout() -> Int32 {
        var next = UInt64.max
        for connection in connections where connection.interval != nil { next = min(next, connection.nextEventTime) }
        guard next != .max else { return -1 }
        let now = StubLoop.now
        return next <= now ? 0 : Int32((next - now + 999_999) / 1_000_000)
    }

    /// Nanoseconds of the monotonic clock.
    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private func accept() {
        while true {
            let descriptor = Foundation.accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            LoopbackSocket.setNonBlocking(descriptor)
            var isOn: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
            connections.append(StubConnection(descriptor: descriptor))
        }
    }

    private func serve(_ polled: [pollfd]) {
        // From the end, so that removing one moves none that is still to be looked at.
        for index in connections.indices.reversed() where polled[index].revents != 0 {
            let isAlive = connections[index].flush() && connections[index].read(&scratch) && answer(index)
            if !isAlive { remove(index) }
        }
    }

    private func remove(_ index: Int) {
        if connections[index].interval != nil { counters.openStreams.subtract(1, ordering: .relaxed) }
        close(connections[index].descriptor)
        connections.swapAt(index, connections.count - 1)
        connections.removeLast()
    }

    private func answer(_ index: Int) -> Bool {
        while let path = connections[index].nextPath() {
            let words = path.split(separator: "/")
            let number = words.last.flatMap { Int($0) } ?? 0
            guard words.first == "stream" ? beginStream(index, number) : send(index, number) else { return false }
        }
        return true
    }

    private func send(_ index: Int, _ bytes: Int) -> Bool {
        let answer = answers[bytes] ?? StubAnswer.whole(bytes: bytes)
        answers[bytes] = answer
        counters.answers.add(1, ordering: .relaxed)
        return connections[index].write(answer)
    }

    private func beginStream(_ index: Int, _ milliseconds: Int) -> Bool {
        let interval = UInt64(max(milliseconds, 1)) * 1_000_000
        // Spread by the golden section, so that streams do not send in step.
        streamCount += 1
        let phase = (Double(streamCount) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
        connections[index].beginStream(
            interval: interval, firstEventTime: StubLoop.now + UInt64(phase * Double(interval)))
        counters.openStreams.add(1, ordering: .relaxed)
        return connections[index].write(StubAnswer.streamHead) && connections[index].write(event)
    }

    private func sendEvents() {
        let now = StubLoop.now
        var sent = 0
        for index in connections.indices.reversed() {
            guard connections[index].interval != nil, connections[index].nextEventTime <= now else { continue }
            connections[index].scheduleNext(after: now)
            sent += 1
            if !connections[index].write(event) { remove(index) }
        }
        counters.events.add(sent, ordering: .relaxed)
    }
}
