internal import Configuration
internal import Fleet
internal import Glibc
internal import Runtime

/// What the supervising thread is to do next.
struct SupervisionInbox: Sendable {
    enum Order: Hashable, Sendable {
        /// - Parameters:
        ///   - orderedAt: seconds since 1970.
        ///   - orderedAtSeconds: the same instant by `monotonicSeconds()`.
        case start(StartOrder, orderedAt: Double, orderedAtSeconds: Double)
        case cancel(ReplicaName)
        /// Nil seconds: the replica's own deadline.
        case stop(ReplicaName, deadline: Double?)
    }

    struct Adoption: Sendable {
        var records: [ReplicaRecord]
        var done: @Sendable () -> Void
    }

    struct Configuration: Sendable {
        var workloads: [WorkloadSettings]
        var pools: [NodePoolSettings]
    }

    var orders: [Order] = []
    var adoption: Adoption?
    var configuration: Configuration?
    var isClosing = false

    /// Adds an order that changes nothing when it is given twice: so the inbox holds no more than there are replicas.
    mutating func add(_ order: Order) {
        if !orders.contains(order) { orders.append(order) }
    }
}

/// Wakes the supervising thread.
struct SupervisionBell: Sendable {
    let listening: Descriptor
    private let ringing: Descriptor

    init() throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SystemCallError("open a pair of sockets") }
        listening = Descriptor(ends[0])
        ringing = Descriptor(ends[1])
    }

    /// A bell that cannot be rung for fullness is ringing already.
    func ring() { send(ringing.number, "!", 1, Int32(MSG_NOSIGNAL)) }

    func silence() {
        var block = [UInt8](repeating: 0, count: 256)
        while recv(listening.number, &block, block.count, 0) == block.count {}
    }
}
