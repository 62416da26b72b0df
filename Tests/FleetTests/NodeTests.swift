import Fleet
import Testing

struct NodeTests {
    @Test func node_takesAndGivesBack() {
        var node = NodePool(id: NodePoolID("a"), nodeCount: 2, acceleratorsPerNode: 8).nodes[1]
        #expect(node.number == 1)
        #expect(node.isEmpty)
        node.take(3)
        #expect(node.freeAccelerators == 5)
        #expect(!node.isEmpty)
        node.giveBack(3)
        #expect(node.isEmpty)
    }

    @Test func node_overfilled_traps() async {
        await #expect(processExitsWith: .failure) {
            var node = Node(pool: NodePoolID("a"), number: 0, accelerators: 2)
            node.take(3)
        }
    }
}
