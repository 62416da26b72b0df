internal import Configuration
internal import NIOCore
internal import Synchronization

/// What one event loop has: the connections that live on it, idle connections to replicas, and the tick that ends what takes
/// too long. Used on its loop alone; that is what protects it.
final class LoopContext: @unchecked Sendable {
    /// How often deadlines are looked at.
    static let tickInterval = TimeAmount.milliseconds(50)
    /// An idle connection to a replica is closed after this: servers written in Python commonly close theirs after 5 s.
    static let upstreamIdleLimit = TimeAmount.seconds(4)
    /// Idle connections kept to one replica.
    static let upstreamIdleCount = 512

    let eventLoop: any EventLoop
    let gateway: GatewayCore
    /// The present routes, as this loop knows them.
    var table: RouteTable { didSet { progressLimit = TimeAmount(table.settings.progressDeadline) } }
    /// An answer that makes no progress for so long is cut. Needed at each event of each stream, so it is kept ready.
    private(set) var progressLimit: TimeAmount
    private(set) var connections: [ObjectIdentifier: ClientConnection] = [:]
    /// By the key of the replica; the last one was used last.
    private var idle: [Int: [UpstreamConnection]] = [:]
    private var tick: RepeatedTask?
    private var requestCount: UInt64 = 0
    private let prefix: UInt64
    /// Bytes of request bodies that are held on this loop.
    var bodyBytes = 0
    private let loopCount: Int

    init(eventLoop: any EventLoop, gateway: GatewayCore, loopCount: Int) {
        self.eventLoop = eventLoop
        self.gateway = gateway
        self.loopCount = loopCount
        table = gateway.table
        progressLimit = TimeAmount(gateway.table.settings.progressDeadline)
        prefix = UInt64.random(in: 0..<1 << 35)
    }

    /// Bytes of request bodies that this loop may hold.
    var bodyByteLimit: Int { max(table.settings.bodyByteLimit * 4, 256 << 20) / loopCount }

    // MARK: Life of connections

    /// - Parameter onTick: is called at each tick too, so that the loop wakes once for both.
    func begin(onTick: (@Sendable () -> Void)?) {
        tick = eventLoop.scheduleRepeatedTask(initialDelay: LoopContext.tickInterval, delay: LoopContext.tickInterval) {
            [weak self] _ in
            self?.onTick()
            onTick?()
        }
    }

    /// Ends the tick, and what is still open.
    func end() {
        tick?.cancel()
        for connection in Array(connections.values) { connection.close() }
        for list in idle.values {
            for connection in list { connection.close() }
        }
        idle = [:]
    }

    func add(_ connection: ClientConnection) { connections[ObjectIdentifier(connection)] = connection }

    func remove(_ connection: ClientConnection) { connections[ObjectIdentifier(connection)] = nil }

    /// Closes connections that wait for a request: the gateway is stopping.
    func closeIdle() {
        for connection in Array(connections.values) where connection.isIdle { connection.close() }
    }

    private func onTick() {
        let now = NIODeadline.now()
        // Few of many are late: only those are copied.
        var late: [ClientConnection] = []
        for connection in connections.values where connection.deadline <= now { late.append(connection) }
        for connection in late { connection.onDeadline() }
        closeOldIdle(now)
    }

    private func closeOldIdle(_ now: NIODeadline) {
        for (key, list) in idle {
            guard let first = list.first, now - first.idleSince > LoopContext.upstreamIdleLimit else { continue }
            let kept = list.filter { now - $0.idleSince <= LoopContext.upstreamIdleLimit }
            for connection in list where now - connection.idleSince > LoopContext.upstreamIdleLimit {
                connection.close()
            }
            idle[key] = kept.isEmpty ? nil : kept
        }
    }

    // MARK: Idle connections to replicas

    /// The connection to the replica that was used last.
    func takeIdle(_ replica: Replica) -> UpstreamConnection? { idle[replica.key]?.popLast() }

    func putIdle(_ connection: UpstreamConnection) {
        connection.idleSince = .now()
        guard idle[connection.replica.key, default: []].count < LoopContext.upstreamIdleCount else {
            return connection.close()
        }
        idle[connection.replica.key, default: []].append(connection)
    }

    /// The connection was closed while it was idle.
    func removeIdle(_ connection: UpstreamConnection) {
        guard let index = idle[connection.replica.key]?.firstIndex(where: { $0 === connection }) else { return }
        idle[connection.replica.key]?.remove(at: index)
    }

    /// A name for a request: 15 characters, which a string holds without memory of its own.
    func makeRequestID() -> String {
        requestCount += 1
        let letters: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"
        return String(unsafeUninitializedCapacity: 15) { buffer in
            for index in 0..<7 { buffer[index] = letters.utf8Start[Int(prefix >> (index * 5) & 31)] }
            for index in 0..<8 { buffer[14 - index] = letters.utf8Start[Int(requestCount >> (index * 5) & 31)] }
            return 15
        }
    }
}
