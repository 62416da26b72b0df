import Routing
import Testing

/// The order `slo`, on replicas of which every time can be worked out by hand: iterations of 20 ms, and 30 ms of prefill in one.
struct InTimeOrderTests {
    private static func dispatcher(
        ready: Int, perRequest: Double = 0, tokenSeconds: Double = .infinity, debtSeconds: Double = .infinity,
        queueLimit: Int = 100
    ) -> Dispatcher {
        let limits = AdmissionLimits(
            maxBatch: 8, kvTokens: 1_000_000, backlogSeconds: 0.03,
            pace: ReplicaPace(
                base: 0.02, perRequest: perRequest, perToken: 0, prefill: 0.03, tokenSeconds: tokenSeconds,
                debtSeconds: debtSeconds))
        var made = Dispatcher(
            limits: limits, binding: .late, choice: .leastOutstandingTokens, order: .slo, queueLimit: queueLimit,
            seed: 1)
        for order in 0..<ready { _ = made.table.openReady(startOrder: order) }
        return made
    }

    /// A request with 100 ms of prefill, three times the backlog limit.
    private static func request(_ id: Int, until deadline: Double, prefill: Double = 0.1) -> RequestClaim {
        RequestClaim(
            id: UInt32(id), promptTokens: 100, uncachedTokens: 100, reservedTokens: 110,
            prefillTicks: Int32(clamping: Int(prefill / 0.03 * Double(1 << 30))), prefillSeconds: prefill,
            deadline: deadline)
    }

    private static func ids(_ router: inout Dispatcher, at now: Double, placing count: Int) -> [Int] {
        (0..<count).compactMap { _ in
            guard let placed = router.next(at: now) else { return nil }
            router.table.finishPrefill(placed.claim, on: placed.slot)
            router.table.finish(placed.claim, on: placed.slot)
            return Int(placed.claim.id)
        }
    }

    // MARK: Order

    /// At 2 s the first two are late; the third and fourth can be in time and go first, oldest first.
    @Test func next_someLate_theOthersGoFirstAndTheLateAfterThem() {
        var router = Self.dispatcher(ready: 0)
        for (id, deadline) in [(1, 1.0), (2, 1.5), (3, 2.5), (4, 3.0)] {
            #expect(router.arrive(Self.request(id, until: deadline), at: 0) == .queued)
        }
        _ = router.table.openReady(startOrder: 0)
        #expect(Self.ids(&router, at: 2, placing: 5) == [3, 4, 1, 2])
    }

    @Test func next_allInTime_isFirstComeFirstServed() {
        var router = Self.dispatcher(ready: 0)
        for id in 1...4 { _ = router.arrive(Self.request(id, until: 10 - Double(id)), at: 0) }
        _ = router.table.openReady(startOrder: 0)
        #expect(Self.ids(&router, at: 1, placing: 4) == [1, 2, 3, 4])
    }

    /// 0.1 s of prefill alone, but 0.1 x 50/30 = 0.167 s beside a request that decodes: 0.15 s before its deadline one is
    /// late there, and in time on an idle replica.
    @Test(arguments: [(true, [2, 1]), (false, [1, 2])])
    func next_decodingReplica_isSlowerThanAnIdleOne(isDecoding: Bool, order: [Int]) {
        var router = Self.dispatcher(ready: 0)
        _ = router.arrive(Self.request(1, until: 1.15), at: 0)
        _ = router.arrive(Self.request(2, until: 9), at: 0)
        let slot = router.table.openReady(startOrder: 0)
        if isDecoding {
            let running = Self.request(9, until: 9)
            router.table.admit(running, to: slot)
            router.table.finishPrefill(running, on: slot)
        }
        #expect(Self.ids(&router, at: 1, placing: 2) == order)
    }

    /// The first replica has fewer tokens in two requests: iterations of 40 ms, so 0.1 x 70/30 = 0.233 s. The second has more
    /// in one: 30 ms, 0.2 s, which is in time for 0.21 s.
    @Test(arguments: [(0.24, 0), (0.21, 1)])
    func next_chosenReplicaTooSlow_takesAFasterOne(limit: Double, slot: Int) {
        var router = Self.dispatcher(ready: 0, perRequest: 0.01)
        _ = router.arrive(Self.request(1, until: 1 + limit), at: 0)
        let sizes = [[10, 10], [500]]
        for tokens in sizes {
            let slot = router.table.openReady(startOrder: 0)
            for size in tokens {
                let running = RequestClaim.sized(9, prompt: size, output: 1)
                router.table.admit(running, to: slot)
                router.table.finishPrefill(running, on: slot)
            }
        }
        #expect(router.next(at: 1)?.slot == slot)
    }

    @Test func arrive_hopelessAndNobodyWaits_isServedAllTheSame() {
        var router = Self.dispatcher(ready: 1)
        #expect(router.arrive(Self.request(1, until: 0.01), at: 0) == .replica(slot: 0))
    }

    @Test func arrive_bothQueuesTogetherReachTheLimit_refuses() {
        var router = Self.dispatcher(ready: 0, queueLimit: 2)
        #expect(router.arrive(Self.request(1, until: 1), at: 0) == .queued)
        #expect(router.next(at: 5) == nil)
        #expect(router.late.count == 1)
        #expect(router.arrive(Self.request(2, until: 9), at: 5) == .queued)
        #expect(router.arrive(Self.request(3, until: 9), at: 5) == .refused)
        #expect(router.waitingCount == 2)
    }

    @Test func withdraw_findsTheLateToo() {
        var router = Self.dispatcher(ready: 0)
        _ = router.arrive(Self.request(1, until: 1), at: 0)
        _ = router.arrive(Self.request(2, until: 9), at: 0)
        #expect(router.next(at: 5) == nil)
        #expect([1, 2, 3].map { router.withdraw(id: $0) } == [true, true, false])
        #expect(router.hasWaiting == false)
    }

    // MARK: Nobody starves

    /// One overdue by more than 30 s is the 8th placement, by 40 s the 6th, by 60 s and more the 4th.
    @Test(arguments: [(29.0, nil), (30.1, 8), (40.0, 6), (60.0, 4), (600.0, 4)] as [(Double, Int?)])
    func next_overdueRequest_hasItsTurn(overdue: Double, turn: Int?) {
        var router = Self.dispatcher(ready: 0)
        _ = router.arrive(Self.request(1, until: 1), at: 0)
        #expect(router.next(at: 1 + overdue) == nil)
        for id in 2...20 { _ = router.arrive(Self.request(id, until: 10_000), at: 1 + overdue) }
        _ = router.table.openReady(startOrder: 0)
        let placed = Self.ids(&router, at: 1 + overdue, placing: 20)
        #expect(placed.firstIndex(of: 1).map { $0 + 1 } == (turn ?? 20))
    }

    // MARK: Pace

    /// T = 50 ms and iterations of 20 ms leave room for 0.6 s of prefill a second. 0.1 s of debt, and 0.05 allowed:
    /// the next prompt comes in after 0.05 / 0.6 = 0.083 s.
    @Test func pace_debt_isPaidOffByTheRoomOfTheIterations() {
        var router = Self.dispatcher(ready: 1, tokenSeconds: 0.05, debtSeconds: 0.05)
        let first = Self.request(1, until: 100)
        #expect(router.arrive(first, at: 0) == .replica(slot: 0))
        router.table.finishPrefill(first, on: 0)
        #expect(router.arrive(Self.request(2, until: 100), at: 0.01) == .queued)
        #expect(router.next(at: 0.08) == nil)
        #expect(router.next(at: 0.084)?.claim.id == 2)
    }

    @Test func pace_iterationsAsLongAsAllowed_takeInNothing() {
        var router = Self.dispatcher(ready: 1, tokenSeconds: 0.02, debtSeconds: 0.05)
        let first = Self.request(1, until: 1e6)
        _ = router.arrive(first, at: 0)
        router.table.finishPrefill(first, on: 0)
        #expect(router.arrive(Self.request(2, until: 1e6), at: 1) == .queued)
        #expect(router.next(at: 1000) == nil)
        router.table.finish(first, on: 0)
        #expect(router.next(at: 1000)?.claim.id == 2)
    }

    @Test func pace_oneReplicaInDebt_anotherTakesTheRequest() {
        var router = Self.dispatcher(ready: 2, tokenSeconds: 0.05, debtSeconds: 0.05)
        let first = Self.request(1, until: 100)
        #expect(router.arrive(first, at: 0) == .replica(slot: 0))
        router.table.finishPrefill(first, on: 0)
        #expect(router.arrive(Self.request(2, until: 100), at: 0.01) == .replica(slot: 1))
    }

    private static func slow(_ router: inout Dispatcher, base: Double = 1, prefill: Double = 1) {
        var limits = router.table.limits
        limits.pace = limits.pace.timed(base: base, requests: 1, prefill: prefill)
        router.table.setLimits(limits)
    }

    /// 0.12 s before its deadline 0.1 s of prefill is in time; 0.13 s are where they really take half of that.
    @Test(arguments: [(1.0, 0.13, [2, 1]), (0.5, 0.13, [1, 2]), (1.0, 0.1, [1, 2])])
    func timed_prefillIsFaster_whoCanBeInTimeGoesFirst(factor: Double, prefill: Double, order: [Int]) {
        var router = Self.dispatcher(ready: 0)
        _ = router.arrive(Self.request(1, until: 1.12, prefill: prefill), at: 0)
        _ = router.arrive(Self.request(2, until: 10), at: 0)
        Self.slow(&router, prefill: factor)
        _ = router.table.openReady(startOrder: 0)
        #expect(Self.ids(&router, at: 1, placing: 2) == order)
    }

    /// 0.1 s of prefill really takes 0.2 s: 0.15 s before its deadline the first is late, and the second goes first.
    @Test(arguments: [(1.0, [1, 2]), (2.0, [2, 1])])
    func timed_prefillIsSlower_whoCannotBeInTimeStandsBack(factor: Double, order: [Int]) {
        var router = Self.dispatcher(ready: 0)
        _ = router.arrive(Self.request(1, until: 1.15), at: 0)
        _ = router.arrive(Self.request(2, until: 10), at: 0)
        Self.slow(&router, prefill: factor)
        _ = router.table.openReady(startOrder: 0)
        #expect(Self.ids(&router, at: 1, placing: 2) == order)
    }

    /// 0.2 s of debt in truth, 0.05 allowed, and room for 0.6 s a second, or for 0.2 s where an iteration takes 40 ms of 50.
    @Test(arguments: [(1.0, 0.25), (2.0, 0.75)])
    func timed_slowerReplica_paysItsDebtOffLater(base: Double, seconds: Double) {
        var router = Self.dispatcher(ready: 1, tokenSeconds: 0.05, debtSeconds: 0.05)
        Self.slow(&router, base: base, prefill: 2)
        let first = Self.request(1, until: 100)
        #expect(router.arrive(first, at: 0) == .replica(slot: 0))
        router.table.finishPrefill(first, on: 0)
        #expect(router.arrive(Self.request(2, until: 100), at: 0.01) == .queued)
        #expect(router.next(at: seconds - 0.001) == nil)
        #expect(router.next(at: seconds + 0.001)?.claim.id == 2)
    }
}
