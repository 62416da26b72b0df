import Fleet
import Testing

struct NodePoolTests {
    private func limit(nodes: Int, of accelerators: Int, size: Int) -> Int {
        NodePool(id: NodePoolID("a"), nodeCount: nodes, acceleratorsPerNode: accelerators)
            .replicaLimit(acceleratorsPerReplica: size)
    }

    @Test func replicaLimit_replicaOfEightOnNodesOfEight_isOnePerNode() {
        #expect(limit(nodes: 3, of: 8, size: 8) == 3)
    }

    /// 3 x 12 = 36 accelerators would hold four replicas of 8, but each node keeps 4 that no whole replica fits on.
    @Test func replicaLimit_replicaOfEightOnNodesOfTwelve_leavesTheRestOfEachNode() {
        #expect(limit(nodes: 3, of: 12, size: 8) == 3)
    }

    @Test func replicaLimit_replicaLargerThanANode_isNone() {
        #expect(limit(nodes: 10, of: 8, size: 9) == 0)
    }

    @Test func replicaLimit_smallReplicas_fillEachNode() {
        #expect(limit(nodes: 2, of: 8, size: 1) == 16)
        #expect(limit(nodes: 2, of: 8, size: 3) == 4)
    }

    @Test func pool_withoutNodes_traps() async {
        await #expect(processExitsWith: .failure) {
            _ = NodePool(id: NodePoolID("a"), nodeCount: 0, acceleratorsPerNode: 8)
        }
    }
}
