import Routing
import Testing

/// Property: whatever happens to a table, each of its choices is that of a naive scan.
struct NaiveRouterTests {
    private static let steps = 1500

    @Test(arguments: [3, 8, 20, 150], UInt64(1)...4)
    func choices_afterAnyHistory_equalTheNaiveScan(replicasMax: Int, seed: UInt64) {
        var twins = RouterTwins(seed: seed, replicasMax: replicasMax)
        var placed = 0
        var refused = 0
        for step in 0..<Self.steps {
            // A large fleet opens before it works, so that the arrays grow while they hold something.
            for _ in 0..<(step < 200 ? replicasMax / 20 : 0) { twins.step() }
            twins.step()
            let claim = twins.randomClaim()
            let naive = twins.naive
            let expected = naive.leastOutstanding { naive.admits(claim, $0) }
            let replay: Comment = "replicas \(replicasMax), seed \(seed), step \(step)"
            #expect(twins.table.leastOutstanding(admitting: claim) == expected, replay)
            #expect(twins.table.leastOutstanding() == naive.leastOutstanding { _ in true }, replay)
            #expect(twins.table.drainVictim() == naive.drainVictim(), replay)
            for slot in naive.openSlots {
                if twins.table.admits(claim, slot) != naive.admits(claim, slot) {
                    Issue.record("slot \(slot) judges otherwise: \(replay)")
                }
            }
            #expect(twins.table.readyCount == naive.readySlots.count, replay)
            twins.table.checkInvariants()
            if expected == nil { refused += 1 } else { placed += 1 }
        }
        // A run in which nothing is ever refused, or everything is, would prove little.
        #expect(placed > 100)
        if replicasMax <= 8 { #expect(refused > 20) }
    }
}
