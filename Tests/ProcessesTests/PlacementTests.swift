import Configuration
import Fleet
import Glibc
import Testing

@testable import Processes

struct AcceleratorLedgerTests {
    private let pool = NodePoolID("a")

    private func ledger(nodes: Int, perNode: Int) -> AcceleratorLedger {
        var settings = NodePoolSettings(id: pool, acceleratorsPerNode: perNode)
        settings.nodeCount = nodes
        return AcceleratorLedger([settings, NodePoolSettings(id: NodePoolID("b"), acceleratorsPerNode: 2)])
    }

    @Test func place_severalNodes_takesTheOneWithLeastRoom() {
        var ledger = ledger(nodes: 3, perNode: 4)
        #expect(ledger.place(3, in: pool)?.accelerators == [0, 1, 2])
        #expect(ledger.place(2, in: pool)?.accelerators == [4, 5])
        // One is free on node 0, two on node 1, four on node 2.
        #expect(ledger.place(1, in: pool)?.accelerators == [3])
        #expect(ledger.place(1, in: pool)?.accelerators == [6])
        #expect(ledger.place(4, in: pool)?.node == 2)
        #expect(ledger.freeCount(in: pool) == 1)
    }

    @Test func place_enoughInAllButOnNoNode_fails() {
        var ledger = ledger(nodes: 2, perNode: 3)
        for _ in 0..<2 { #expect(ledger.place(2, in: pool) != nil) }
        #expect(ledger.freeCount(in: pool) == 2)
        #expect(ledger.place(2, in: pool) == nil)
    }

    @Test func place_secondPool_isNumberedAfterTheFirst() {
        var ledger = ledger(nodes: 3, perNode: 4)
        #expect(ledger.place(2, in: NodePoolID("b"))?.accelerators == [12, 13])
        #expect(ledger.place(1, in: NodePoolID("none")) == nil)
    }

    @Test func release_placement_isGivenAgain() throws {
        var ledger = ledger(nodes: 1, perNode: 2)
        let placed = ledger.place(2, in: pool)
        let placement = try #require(placed)
        ledger.release(placement)
        #expect(ledger.place(2, in: pool) == placement)
    }

    @Test func take_outsideItsPool_isSaidAndTakenAllTheSame() {
        var ledger = ledger(nodes: 1, perNode: 2)
        let placements = [
            Placement(pool: "a", node: 0, accelerators: [1]), Placement(pool: "a", node: 3, accelerators: [9]),
            Placement(pool: "gone", node: 0, accelerators: [0]),
        ]
        #expect(placements.map { ledger.take($0) } == [true, false, false])
        // Both accelerators of the pool have a replica, though one of them was placed under another name.
        #expect(ledger.place(1, in: pool) == nil)
        ledger.release(placements[2])
        #expect(ledger.place(1, in: pool)?.accelerators == [0])
    }
}

struct PortAllocatorTests {
    /// A port that this test listens on, and that is in the range from which ports are given.
    private func busyPort() throws -> (port: Int, socket: Descriptor) {
        let listener = Descriptor(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        let port = try #require(
            PortAllocator.quietRange().reversed().first { port in
                withLoopbackAddress(port: port) { bind(listener.number, $0, $1) == 0 }
            })
        try #require(listen(listener.number, 1) == 0)
        return (port, listener)
    }

    @Test func allocate_portInUse_isPassedOver() throws {
        let (port, listener) = try busyPort()
        var ports = PortAllocator(range: port..<port + 1)
        #expect(ports.allocate() == nil)
        withExtendedLifetime(listener) {}
    }

    @Test func allocate_releasedPort_comesAgainLast() throws {
        let range = PortAllocator.quietRange()
        var ports = PortAllocator(range: range.lowerBound..<range.lowerBound + 400, first: 100)
        let given = ports.allocate()
        let first = try #require(given)
        ports.release(first)
        let next = ports.allocate()
        let second = try #require(next)
        #expect(second > first)
        ports.take(second + 1)
        let third = ports.allocate() ?? 0
        #expect(third > second + 1)
    }
}
