internal import NIOCore
internal import Synchronization

/// A replica of a workload. What never changes is free to read; the rest is its workload's, under the workload's lock.
final class Replica: @unchecked Sendable {
    private static let lastKey = Atomic<Int>(0)

    let number: Int
    let host: String
    let port: Int
    /// Unlike any other replica's of this process, so that connections find the way back to their pool.
    let key: Int
    /// Nil when the host is a name that has to be resolved.
    let address: SocketAddress?

    // Under the lock of the workload.
    var slot = -1
    var isDraining = false
    /// The fleet has it no more; what it has in flight may end.
    var isRemoved = false
    var saidDrained = false
    var health: ReplicaHealth

    init(number: Int, host: String, port: Int, health: ReplicaHealth) {
        self.number = number
        self.host = host
        self.port = port
        self.health = health
        key = Replica.lastKey.add(1, ordering: .relaxed).newValue
        address = try? SocketAddress(ipAddress: host, port: port)
    }
}
