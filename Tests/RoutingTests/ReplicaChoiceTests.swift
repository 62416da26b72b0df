import Routing
import Testing

/// Which replica gets a request, and which one goes.
struct ReplicaChoiceTests {
    /// A table of ready replicas that owe `tokens`, one each.
    private func owing(_ tokens: [Int], body: (inout ReplicaTable) -> Void) {
        var table = ReplicaTable(limits: .wide)
        for (order, count) in tokens.enumerated() {
            let slot = table.openReady(startOrder: order)
            let claim = RequestClaim.sized(prompt: count, output: 0, uncached: 0)
            if count > 0 { table.admit(claim, to: slot) }
        }
        body(&table)
    }

    private let small = RequestClaim.sized(prompt: 1, output: 1)

    // MARK: Outstanding tokens

    /// Prompt 100 (60 of them uncached) and output 10: 170 until the first token, then 110, then none.
    @Test func outstanding_alongARequestsLife_countsUncachedTokensTwiceUntilPrefilled() {
        var table = ReplicaTable(limits: .wide)
        let slot = table.openReady(startOrder: 0)
        let claim = RequestClaim.sized(prompt: 100, output: 10, uncached: 60)
        table.admit(claim, to: slot)
        #expect(table[slot].outstandingTokens == 170)
        table.finishPrefill(claim, on: slot)
        #expect(table[slot].outstandingTokens == 110)
        table.finish(claim, on: slot)
        #expect(table[slot].outstandingTokens == 0)
    }

    // MARK: Least outstanding tokens

    @Test func leastOutstanding_different_isTheSmallest() {
        owing([30, 10, 20]) { table in
            #expect(table.leastOutstanding() == 1)
            #expect(table.leastOutstanding(admitting: small) == 1)
        }
    }

    /// Ties across the eight lanes of a group, across groups, and beyond the first 64 slots, where the arrays have grown.
    @Test(arguments: [3, 8, 9, 17, 64, 65, 130], [0, 1, 7])
    func leastOutstanding_ties_goToTheLowestSlot(count: Int, lowest: Int) {
        let first = min(lowest, count - 1)
        owing((0..<count).map { $0 < first ? 50 : 20 }) { table in
            #expect(table.leastOutstanding() == first)
            #expect(table.leastOutstanding(admitting: small) == first)
        }
    }

    @Test(arguments: [8, 63, 64, 65, 127, 128, 199])
    func leastOutstanding_smallestFarBack_isFound(slot: Int) {
        owing((0..<200).map { $0 == slot ? 5 : 6 }) { table in
            #expect(table.leastOutstanding() == slot)
            #expect(table.leastOutstanding(admitting: small) == slot)
        }
    }

    @Test func leastOutstanding_smallestDoesNotAdmit_isTheNextThatDoes() {
        var table = ReplicaTable(limits: AdmissionLimits(maxBatch: 1, kvTokens: 1000, backlogSeconds: 1))
        for order in 0..<3 { _ = table.openReady(startOrder: order) }
        table.admit(.sized(prompt: 1, output: 1), to: 0)
        #expect(table.leastOutstanding(admitting: small) == 1)
        table.admit(.sized(prompt: 500, output: 1), to: 1)
        table.admit(.sized(prompt: 400, output: 1), to: 2)
        #expect(table.leastOutstanding(admitting: small) == nil)
        #expect(table.leastOutstanding() == 0)
    }

    /// Sums beyond 32 bits compare as equal in a scan, and still count exactly.
    @Test func leastOutstanding_saturatedLoads_remainCandidates() {
        var table = ReplicaTable(limits: .wide)
        let huge = RequestClaim.sized(prompt: 2_000_000_000, output: 0)
        for order in 0..<2 { _ = table.openReady(startOrder: order) }
        for slot in 0..<2 { table.admit(huge, to: slot) }
        #expect(table[0].outstandingTokens == 4_000_000_000)
        #expect(table.leastOutstanding() == 0)
        table.finishPrefill(huge, on: 1)
        #expect(table.leastOutstanding() == 1)
    }

    // MARK: Drain victim

    @Test func drainVictim_fewestOutstanding_goes() {
        owing([30, 10, 20]) { #expect($0.drainVictim() == 1) }
    }

    @Test func drainVictim_ties_goToTheNewestStartOrderNotTheHighestSlot() {
        var table = ReplicaTable(limits: .wide)
        for order in 0..<3 { _ = table.openReady(startOrder: order) }
        #expect(table.drainVictim() == 2)
        table.close(0)
        #expect(table.openReady(startOrder: 3) == 0)
        #expect(table.drainVictim() == 0)
    }

    @Test func drainVictim_amongReadyOnly_leavesStartingAndDrainingAlone() {
        owing([30, 10, 20]) { table in
            _ = table.open(startOrder: 9)
            table.beginDrain(1)
            #expect(table.drainVictim() == 2)
            table.beginDrain(2)
            table.beginDrain(0)
            #expect(table.drainVictim() == nil)
        }
    }
}
