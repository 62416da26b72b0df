import Routing
import Testing

struct DispatcherTests {
    private static let limits = AdmissionLimits(maxBatch: 2, kvTokens: 1000, backlogSeconds: 10)

    private func dispatcher(
        _ binding: Binding, _ choice: ReplicaChoice = .leastOutstandingTokens, ready: Int, queueLimit: Int = 10,
        seed: UInt64 = 1, limits: AdmissionLimits = Self.limits
    ) -> Dispatcher {
        var made = Dispatcher(limits: limits, binding: binding, choice: choice, queueLimit: queueLimit, seed: seed)
        for order in 0..<ready { _ = made.table.openReady(startOrder: order) }
        return made
    }

    // MARK: Late binding

    @Test func late_freeReplica_takesTheRequestAtOnce() {
        var router = dispatcher(.late, ready: 2)
        #expect(router.arrive(.sized(1, prompt: 100, output: 10)) == .replica(slot: 0))
        #expect(router.arrive(.sized(2, prompt: 50, output: 10)) == .replica(slot: 1))
        #expect(router.arrive(.sized(3, prompt: 1, output: 1)) == .replica(slot: 1))
        #expect(router.next() == nil)
    }

    /// 600 tokens are taken. The head wants 500 and waits; the small one behind it would fit, and waits too.
    @Test func late_headThatFitsNowhere_blocksThoseBehindIt() {
        var router = dispatcher(.late, ready: 1)
        let running = RequestClaim.sized(1, prompt: 500, output: 100)
        #expect(router.arrive(running) == .replica(slot: 0))
        #expect(router.arrive(.sized(2, prompt: 400, output: 100)) == .queued)
        #expect(router.arrive(.sized(3, prompt: 10, output: 10)) == .queued)
        #expect(router.next() == nil)
        router.table.finishPrefill(running, on: 0)
        #expect(router.next(changed: 0) == nil)
        router.table.finish(running, on: 0)
        #expect(router.next(changed: 0).map { [Int($0.claim.id), $0.slot] } == [2, 0])
        #expect(router.next(changed: 0).map { [Int($0.claim.id), $0.slot] } == [3, 0])
        #expect(router.next(changed: 0) == nil)
        #expect(router.table[0].runningRequests == 2)
    }

    @Test func late_noReplica_waitsUntilOneIsReady() {
        var router = dispatcher(.late, ready: 0)
        #expect(router.arrive(.sized(1, prompt: 10, output: 1)) == .queued)
        let slot = router.table.open(startOrder: 0)
        #expect(router.next() == nil)
        router.table.markReady(slot)
        #expect(router.next()?.slot == slot)
    }

    @Test(arguments: Binding.allCases)
    func queue_full_refuses(binding: Binding) {
        var router = dispatcher(binding, ready: 0, queueLimit: 2)
        #expect(router.arrive(.sized(1, prompt: 1, output: 1)) == .queued)
        #expect(router.arrive(.sized(2, prompt: 1, output: 1)) == .queued)
        #expect(router.arrive(.sized(3, prompt: 1, output: 1)) == .refused)
        #expect(router.queue.count == 2)
    }

    @Test func retry_ofALostRequest_goesFirst() {
        var router = dispatcher(.late, ready: 0)
        _ = router.arrive(.sized(1, prompt: 1, output: 1))
        router.retry(.sized(2, prompt: 1, output: 1))
        _ = router.table.openReady(startOrder: 0)
        #expect(router.next()?.claim.id == 2)
        #expect(router.next()?.claim.id == 1)
    }

    // MARK: Early binding

    @Test func early_anyReadyReplica_isBoundAtOnceWhateverItHolds() {
        var router = dispatcher(.early, ready: 1)
        for id in 1...5 { #expect(router.arrive(.sized(id, prompt: 900, output: 10)) == .replica(slot: 0)) }
        #expect(router.table[0].runningRequests == 5)
        #expect(router.queue.isEmpty == true)
    }

    /// 100 + 10 + 100 = 210 tokens bound to the first, so the second takes two small ones before the first is next.
    @Test func early_requestsWaitingInside_countWithTheirUncachedTokens() {
        var router = dispatcher(.early, ready: 2)
        #expect(router.arrive(.sized(1, prompt: 100, output: 10)) == .replica(slot: 0))
        #expect(router.arrive(.sized(2, prompt: 50, output: 9)) == .replica(slot: 1))
        #expect(router.arrive(.sized(3, prompt: 50, output: 10)) == .replica(slot: 1))
        #expect(router.arrive(.sized(4, prompt: 1, output: 1)) == .replica(slot: 0))
    }

    @Test func early_noReadyReplica_waitsCentrallyThenAllAreBound() {
        var router = dispatcher(.early, ready: 0)
        for id in 1...4 { #expect(router.arrive(.sized(id, prompt: 10, output: 1)) == .queued) }
        let slot = router.table.openReady(startOrder: 0)
        for id in UInt32(1)...4 { #expect(router.next(changed: slot)?.claim.id == id) }
        #expect(router.next(changed: slot) == nil)
    }

    // MARK: Other choices

    private func placements(_ router: inout Dispatcher, _ count: Int) -> [Int?] {
        (0..<count).map { id in
            guard case .replica(let slot) = router.arrive(.sized(id, prompt: 10, output: 1)) else { return nil }
            return slot
        }
    }

    @Test(arguments: Binding.allCases)
    func roundRobin_goesAroundAndLeavesOutWhoIsNotReady(binding: Binding) {
        var router = dispatcher(binding, .roundRobin, ready: 4, limits: .wide)
        router.table.beginDrain(2)
        #expect(placements(&router, 7) == [0, 1, 3, 0, 1, 3, 0])
    }

    @Test func roundRobin_fullReplica_isPassedOver() {
        var router = dispatcher(.late, .roundRobin, ready: 3)
        #expect(placements(&router, 7) == [0, 1, 2, 0, 1, 2, nil])
    }

    /// Two on the first, none on the others: they fill up level by level, ties to the lowest slot.
    @Test func leastRequests_countsRequestsNotTokens() {
        var router = dispatcher(.early, .leastRequests, ready: 3, limits: .wide)
        for _ in 0..<2 { router.table.admit(.sized(prompt: 1, output: 1), to: 0) }
        router.table.admit(.sized(prompt: 100_000, output: 1), to: 1)
        #expect(placements(&router, 6) == [2, 1, 2, 0, 1, 2])
    }

    @Test(arguments: Binding.allCases)
    func powerOfTwoChoices_sameSeed_choosesTheSame(binding: Binding) {
        var first = dispatcher(binding, .powerOfTwoChoices, ready: 20, seed: 5, limits: .wide)
        var second = dispatcher(binding, .powerOfTwoChoices, ready: 20, seed: 5, limits: .wide)
        var other = dispatcher(binding, .powerOfTwoChoices, ready: 20, seed: 6, limits: .wide)
        let chosen = placements(&first, 200)
        #expect(chosen == placements(&second, 200))
        #expect(chosen != placements(&other, 200))
    }

    /// Two draws even the load out far better than one: of 400 requests on 20 replicas the fullest has 20 and a few (with
    /// one draw it would have more than 30).
    @Test func powerOfTwoChoices_manyRequests_spreadsThemEvenly() {
        var router = dispatcher(.early, .powerOfTwoChoices, ready: 20, limits: .wide)
        _ = placements(&router, 400)
        let counts = (0..<20).map { router.table[$0].runningRequests }
        #expect((counts.max() ?? 0) <= 23)
        #expect((counts.min() ?? 0) >= 15)
    }

    @Test(arguments: ReplicaChoice.allCases)
    func late_everyReplicaFull_queuesWhateverTheChoice(choice: ReplicaChoice) {
        var router = dispatcher(.late, choice, ready: 3)
        let slots = placements(&router, 7)
        #expect(slots.prefix(6).allSatisfy { $0 != nil })
        #expect(slots.last == .some(nil))
        #expect((0..<3).allSatisfy { router.table[$0].runningRequests == 2 })
    }
}
