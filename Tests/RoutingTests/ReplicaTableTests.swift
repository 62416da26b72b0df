import Routing
import Testing

/// The rules of the router one at a time (reference plant, section 2).
struct ReplicaTableTests {
    // MARK: Slots

    @Test func open_manyTimes_givesSlotsInOrder() {
        var table = ReplicaTable(limits: .wide)
        for order in 0..<200 { #expect(table.open(startOrder: order) == order) }
        #expect(table.slotCount == 200)
        #expect(table.readyCount == 0)
        #expect(table.leastOutstanding() == nil)
        table.checkInvariants()
    }

    @Test func open_afterCloses_reusesTheLowestFreeSlot() {
        var table = ReplicaTable(limits: .wide)
        for order in 0..<5 { _ = table.openReady(startOrder: order) }
        table.close(3)
        table.close(1)
        #expect(table.open(startOrder: 5) == 1)
        #expect(table.open(startOrder: 6) == 3)
        #expect(table.open(startOrder: 7) == 5)
        #expect(table[1].startOrder == 5)
        #expect(table[1].isReady == false)
    }

    @Test func close_atTheEnd_shortensTheScanOverFreeSlots() {
        var table = ReplicaTable(limits: .wide)
        for order in 0..<10 { _ = table.openReady(startOrder: order) }
        table.close(8)
        #expect(table.slotCount == 10)
        table.close(9)
        #expect(table.slotCount == 8)
        #expect(table.readyCount == 8)
    }

    /// A crash takes a replica with all it has; its successor in the slot owes nothing.
    @Test func close_withRequests_leavesNothingBehind() {
        var table = ReplicaTable(limits: .wide)
        let slot = table.openReady(startOrder: 0)
        table.admit(.sized(prompt: 100, output: 10), to: slot)
        table.close(slot)
        #expect(table.slotCount == 0)
        #expect(table.openReady(startOrder: 1) == slot)
        #expect(table[slot].outstandingTokens == 0)
        #expect(table[slot].runningRequests == 0)
        table.checkInvariants()
    }

    @Test func starting_takesNothing_untilReady() {
        var table = ReplicaTable(limits: .wide)
        let slot = table.open(startOrder: 0)
        let claim = RequestClaim.sized(prompt: 1, output: 1)
        #expect(table.admits(claim, slot) == false)
        #expect(table.leastOutstanding(admitting: claim) == nil)
        table.markReady(slot)
        #expect(table.leastOutstanding(admitting: claim) == slot)
    }

    @Test func draining_takesNothingMore_butFinishesItsOwn() {
        var table = ReplicaTable(limits: .wide)
        let slot = table.openReady(startOrder: 0)
        let claim = RequestClaim.sized(prompt: 100, output: 10)
        table.admit(claim, to: slot)
        table.beginDrain(slot)
        #expect(table.admits(claim, slot) == false)
        #expect(table.leastOutstanding() == nil)
        #expect(table.readyCount == 0)
        table.finishPrefill(claim, on: slot)
        table.finish(claim, on: slot)
        #expect(table[slot].runningRequests == 0)
        #expect(table.admits(claim, slot) == false)
        table.checkInvariants()
    }

    // MARK: Rule 1: batch

    @Test func batch_full_admitsAgainOnlyAfterAFinish() {
        var table = ReplicaTable(limits: AdmissionLimits(maxBatch: 2, kvTokens: 1000, backlogSeconds: 1))
        let slot = table.openReady(startOrder: 0)
        let claim = RequestClaim.sized(prompt: 10, output: 10)
        table.admit(claim, to: slot)
        #expect(table.admits(claim, slot) == true)
        table.admit(claim, to: slot)
        #expect(table.admits(claim, slot) == false)
        table.finishPrefill(claim, on: slot)
        #expect(table.admits(claim, slot) == false)
        table.finish(claim, on: slot)
        #expect(table.admits(claim, slot) == true)
    }

    // MARK: Rule 2: memory

    /// 1,000 tokens in all: after 600 + 100 there is room for exactly 300.
    @Test func memory_reservedWithTheNewOne_mayReachTheLimitButNotPassIt() {
        var table = ReplicaTable(limits: AdmissionLimits(maxBatch: 10, kvTokens: 1000, backlogSeconds: 1))
        let slot = table.openReady(startOrder: 0)
        table.admit(.sized(prompt: 600, output: 100), to: slot)
        #expect(table.admits(.sized(prompt: 250, output: 50), slot) == true)
        #expect(table.admits(.sized(prompt: 250, output: 51), slot) == false)
    }

    @Test func memory_afterPrefill_staysReserved() {
        var table = ReplicaTable(limits: AdmissionLimits(maxBatch: 10, kvTokens: 1000, backlogSeconds: 1))
        let slot = table.openReady(startOrder: 0)
        let claim = RequestClaim.sized(prompt: 600, output: 100)
        table.admit(claim, to: slot)
        table.finishPrefill(claim, on: slot)
        #expect(table.admits(.sized(prompt: 301, output: 0), slot) == false)
        #expect(table[slot].reservedTokens == 700)
    }

    @Test func memory_idleReplica_takesARequestLargerThanIt() {
        var table = ReplicaTable(limits: AdmissionLimits(maxBatch: 10, kvTokens: 1000, backlogSeconds: 1))
        let slot = table.openReady(startOrder: 0)
        let large = RequestClaim.sized(prompt: 5000, output: 100)
        #expect(table.admits(large, slot) == true)
        table.admit(large, to: slot)
        #expect(table.admits(.sized(prompt: 1, output: 1), slot) == false)
        table.finishPrefill(large, on: slot)
        table.finish(large, on: slot)
        #expect(table.admits(large, slot) == true)
    }

    // MARK: Rule 3: backlog

    /// A limit of 0.25 s: 0.1 s waiting leaves room for 0.15 s.
    @Test func backlog_waitingWithTheNewOne_mayReachTheLimitButNotPassIt() {
        var table = ReplicaTable(limits: AdmissionLimits(maxBatch: 10, kvTokens: 100_000, backlogSeconds: 0.25))
        let slot = table.openReady(startOrder: 0)
        table.admit(.sized(prompt: 10, output: 1, ticks: table.ticks(prefillSeconds: 0.1)), to: slot)
        #expect(table.admits(.sized(prompt: 10, output: 1, ticks: table.ticks(prefillSeconds: 0.15)), slot) == true)
        #expect(table.admits(.sized(prompt: 10, output: 1, ticks: table.ticks(prefillSeconds: 0.1501)), slot) == false)
    }

    /// From 1,000 tokens, 10 requests and 0.25 s to 400 tokens, 3 requests and 0.45 s, with one request of 300 tokens and 0.2 s.
    @Test func limits_changedWhileRequestsRun_holdForTheNextOnes() {
        var table = ReplicaTable(limits: AdmissionLimits(maxBatch: 10, kvTokens: 1000, backlogSeconds: 0.25))
        let slot = table.openReady(startOrder: 0)
        let first = RequestClaim.sized(prompt: 200, output: 100, ticks: table.ticks(prefillSeconds: 0.2))
        table.admit(first, to: slot)
        table.setLimits(AdmissionLimits(maxBatch: 3, kvTokens: 400, backlogSeconds: 0.45))
        #expect(table.admits(.sized(prompt: 50, output: 50), slot) == true)
        #expect(table.admits(.sized(prompt: 50, output: 51), slot) == false)
        #expect(table.admits(.sized(prompt: 1, output: 1, ticks: table.ticks(prefillSeconds: 0.25)), slot) == true)
        #expect(table.admits(.sized(prompt: 1, output: 1, ticks: table.ticks(prefillSeconds: 0.2501)), slot) == false)
        for _ in 0..<2 { table.admit(.sized(prompt: 1, output: 1), to: slot) }
        #expect(table.admits(.sized(prompt: 1, output: 1), slot) == false)
        // What it has and would not get any more ends as it would have.
        table.setLimits(AdmissionLimits(maxBatch: 1, kvTokens: 10, backlogSeconds: 0))
        table.finishPrefill(first, on: slot)
        table.finish(first, on: slot)
        #expect(table[slot].runningRequests == 2 && table[slot].prefillTicks == 0)
        table.checkInvariants()
    }

    @Test func backlog_noPromptWaiting_takesAnyPrompt() {
        var table = ReplicaTable(limits: AdmissionLimits(maxBatch: 10, kvTokens: 100_000, backlogSeconds: 0.25))
        let slot = table.openReady(startOrder: 0)
        let long = RequestClaim.sized(prompt: 9000, output: 1, ticks: table.ticks(prefillSeconds: 0.9))
        table.admit(long, to: slot)
        // 0.9 s are over the limit already, so not even a prompt without work fits behind it.
        #expect(table.admits(.sized(prompt: 1, output: 1, ticks: 0), slot) == false)
        table.finishPrefill(long, on: slot)
        #expect(table.admits(long, slot) == true)
    }

    /// The head counts whole until its first token: what is left of its work plays no part.
    @Test func backlog_severalPrompts_leaveOneAtATime() {
        var table = ReplicaTable(limits: AdmissionLimits(maxBatch: 10, kvTokens: 100_000, backlogSeconds: 0.25))
        let slot = table.openReady(startOrder: 0)
        let claim = RequestClaim.sized(prompt: 10, output: 5, ticks: table.ticks(prefillSeconds: 0.1))
        table.admit(claim, to: slot)
        table.admit(claim, to: slot)
        #expect(table.admits(claim, slot) == false)
        table.finishPrefill(claim, on: slot)
        #expect(table.admits(claim, slot) == true)
    }

    @Test func backlog_limitZero_admitsAllWithoutWorkAndNoneWithWork() {
        var table = ReplicaTable(limits: AdmissionLimits(maxBatch: 10, kvTokens: 100_000, backlogSeconds: 0))
        let slot = table.openReady(startOrder: 0)
        let free = RequestClaim.sized(prompt: 1, output: 1, ticks: table.ticks(prefillSeconds: 0))
        let costly = RequestClaim.sized(prompt: 1, output: 1, ticks: table.ticks(prefillSeconds: 1e-6))
        table.admit(free, to: slot)
        #expect(table.admits(free, slot) == true)
        #expect(table.admits(costly, slot) == false)
    }

    @Test func ticks_hugeWork_isSaturatedAndFitsNoOccupiedReplica() {
        var table = ReplicaTable(limits: AdmissionLimits(maxBatch: 10, kvTokens: 100_000, backlogSeconds: 0.25))
        let slot = table.openReady(startOrder: 0)
        let huge = table.ticks(prefillSeconds: 1e9)
        #expect(huge == .max)
        #expect(table.ticks(prefillSeconds: 0) == 0)
        table.admit(.sized(prompt: 1, output: 1, ticks: huge), to: slot)
        table.admit(.sized(prompt: 1, output: 1, ticks: huge), to: slot)
        #expect(table.admits(.sized(prompt: 1, output: 1, ticks: 0), slot) == false)
        table.checkInvariants()
    }
}
