import Control
import Fleet
import Forecasting
import Performance
import Testing

@testable import Policies

struct TidewayPolicyTests {
    /// Arrivals of the mean shape, so that 4 a second are one steady replica; none finishes.
    private func arrive(_ count: Int, _ sample: inout WorkloadSample) {
        sample.arrivedRequests += count
        sample.arrivedPromptTokens += count * 1000
        sample.arrivedUncachedTokens += count * 1000
    }

    // MARK: Capacity curve

    /// A lone replica carries half of what it does in a pool of 8, and a fifth more in one of 32.
    private let curve = CapacityCurve(
        OperatingPoint(
            steadyRate: 4, steadyConcurrency: 10, fluidBatch: 20, shape: RequestShape(promptTokens: 1, outputTokens: 1),
            pools: [
                .init(replicas: 1, rate: 2), .init(replicas: 8, rate: 4), .init(replicas: 32, rate: 4.8),
            ]))

    // Between 1 and 8, in thirds of the logarithm: 2 replicas carry 2/3 each, 4 carry 5/6 each; 16 carry 1.1 each.
    @Test(arguments: [(1, 0.5), (2, 4.0 / 3), (4, 10.0 / 3), (8, 8.0), (16, 17.6), (32, 38.4), (100, 120)])
    func capacity_pooled_followsTheMeasuredRates(replicas: Int, capacity: Double) {
        #expect(abs(curve.capacity(of: replicas) - capacity) < 1e-9)
    }

    @Test(arguments: [(0.0, 0), (0.1, 1), (0.5, 1), (0.51, 2), (8, 8), (8.01, 9), (38.4, 32), (120, 100)])
    func replicas_areTheSmallestPoolThatCarries(demand: Double, replicas: Int) {
        #expect(curve.replicas(for: demand) == replicas)
    }

    // 2 replicas carry 4/3 and one 1/2: at 1 the second one carries 0.5 of its 5/6.
    @Test(arguments: [(0.0, 0.0), (0.5, 0.0), (0.25, 0.5), (1.0, 0.4), (4.0 / 3, 0.0)])
    func excess_isThePartOfTheLastReplicaThatIsNotNeeded(demand: Double, excess: Double) {
        #expect(abs(curve.excess(for: demand) - excess) < 1e-9)
    }

    @Test func curve_withoutPools_countsEveryReplicaAsOne() {
        let plain = CapacityCurve(PolicyContext.example().operatingPoint)
        #expect(plain.capacity(of: 5) == 5)
        #expect(plain.replicas(for: 4.2) == 5)
    }

    // MARK: Keeper

    /// An absence of 100 s: kept for 350 s, 700 s or 1400 s.
    private func fleets(_ keeper: inout ReplicaKeeper, needs: [(Double, Int)]) -> [Int] {
        needs.map { keeper.desired(needed: $0.1, at: Instant(seconds: $0.0), absence: .seconds(100)) }
    }

    @Test func keeper_unknownPlace_isKeptUntilKeepingCostARestart() {
        var keeper = ReplicaKeeper(DecisionPace(startUp: .seconds(60)), penalty: 3.5)
        #expect(fleets(&keeper, needs: [(0, 3), (10, 1), (349, 1), (350, 1)]) == [3, 3, 3, 1])
    }

    // Needed every 600 s: keeping 350 s costs 350 + 350 a time, keeping 700 s only 600: the second gap is bridged.
    @Test func keeper_needReturnsOften_isKeptLonger() {
        var keeper = ReplicaKeeper(DecisionPace(startUp: .seconds(60)), penalty: 3.5)
        let fleets = fleets(
            &keeper, needs: [(0, 2), (10, 1), (350, 1), (600, 2), (610, 1), (1100, 1), (1299, 1), (1300, 1)])
        #expect(fleets == [2, 2, 1, 2, 2, 2, 2, 1])
    }

    // Six were needed and two are; four may be needed by when a replica could be back, so only four are kept.
    @Test func keeper_forecastExpectsFewer_givesUpWhatLiesAbove() {
        var keeper = ReplicaKeeper(DecisionPace(startUp: .seconds(60)), penalty: 3.5)
        func desired(_ needed: Int, _ foreseen: Int, at second: Double) -> Int {
            keeper.desired(needed: needed, foreseen: foreseen, at: Instant(seconds: second), absence: .seconds(100))
        }
        #expect(desired(6, 1, at: 0) == 6)
        #expect(desired(2, 4, at: 10) == 4)
        #expect(desired(2, 1, at: 20) == 2)
    }

    /// Starts turn out to take half as long: 175 s are enough.
    @Test func keeper_absenceLearnedToBeShorter_keepsShorter() {
        var keeper = ReplicaKeeper(DecisionPace(startUp: .seconds(60)), penalty: 3.5)
        func desired(_ needed: Int, at second: Double, absence: Duration) -> Int {
            keeper.desired(needed: needed, at: Instant(seconds: second), absence: absence)
        }
        #expect(desired(3, at: 0, absence: .seconds(100)) == 3)
        #expect(desired(1, at: 200, absence: .seconds(100)) == 3)
        #expect(desired(1, at: 201, absence: .seconds(50)) == 1)
    }

    // Gaps of 5000 s are not worth keeping for: 350 + 350 is the least.
    @Test func keeper_needReturnsRarely_isKeptShort() {
        var keeper = ReplicaKeeper(DecisionPace(startUp: .seconds(60)), penalty: 3.5)
        let fleets = fleets(&keeper, needs: [(0, 2), (4990, 1), (5000, 2), (5010, 1), (5349, 1), (5350, 1)])
        #expect(fleets == [2, 1, 2, 2, 2, 1])
    }

    // Four absences of 300 s would be 20 minutes. Needed every 1300 s, 1200 s would not be enough and 2400 s are cheaper than two starts.
    @Test func keeper_startsAreSlow_keepsAQuarterOfAnHourUnlessGapsAskForMore() {
        var keeper = ReplicaKeeper(DecisionPace(startUp: .seconds(270)), penalty: 4)
        func desired(_ needed: Int, at second: Double, absence: Double = 300) -> Int {
            keeper.desired(needed: needed, at: Instant(seconds: second), absence: .seconds(absence))
        }
        #expect([(2, 0.0), (1, 899), (1, 900)].map { desired($0.0, at: $0.1) } == [2, 2, 1])
        #expect(desired(2, at: 1300) == 2)
        #expect(desired(1, at: 2599) == 2)
    }

    // What was ordered is kept until it is there, however long that takes.
    @Test func keeper_startsTakeLongerThanItKeeps_keepsForOneOfThem() {
        var keeper = ReplicaKeeper(DecisionPace(startUp: .seconds(1800)), penalty: 4)
        func desired(_ needed: Int, at second: Double) -> Int {
            keeper.desired(needed: needed, at: Instant(seconds: second), absence: .seconds(1830))
        }
        #expect([(2, 0.0), (1, 1829), (1, 1830)].map { desired($0.0, at: $0.1) } == [2, 2, 1])
    }

    // MARK: Policy

    @Test func policy_steadyLoad_needsNoMarginOnceItsErrorIsKnown() {
        // 32/s = 8 steady replicas. At first a margin of 20 %: 9.6.
        var stage = PolicyStage(TidewayPolicy(.example()), desired: 8)
        stage.run(seconds: 60) { arrive(32, &$0) }
        #expect(stage.desired == 10)
        stage.run(seconds: 1200) { arrive(32, &$0) }
        #expect(stage.desired == 8)
    }

    @Test func policy_queueGrows_guardReactsAtTheNextTick() {
        var stage = PolicyStage(TidewayPolicy(.example()), desired: 2)
        stage.run(seconds: 600) { arrive(4, &$0) }
        let calm = stage.desired
        // 240 requests wait: 60 steady replica-seconds in 30 s are 2 steady replicas more than the 1 that arrives.
        stage.run(seconds: 10) {
            arrive(4, &$0)
            $0.queuedRequests = 240
            $0.queuedPromptTokens = 240_000
            $0.queuedUncachedTokens = 240_000
        }
        #expect(stage.desired == CapacityCurve(PolicyContext.example().operatingPoint).replicas(for: 3))
        #expect(stage.desired > calm)
        #expect(stage.reason == .burst)
    }

    @Test func policy_rampUp_isAheadOfTheLoad() {
        var stage = PolicyStage(TidewayPolicy(.example()), desired: 10)
        stage.run(seconds: 1200) { arrive(40, &$0) }
        var rate = 40
        for _ in 0..<20 {
            rate += 4
            stage.run(seconds: 30) { arrive(rate, &$0) }
        }
        // 120/s are 30 steady replicas now, and two fewer were the mean of the last minute.
        #expect(stage.desired >= CapacityCurve(PolicyContext.example().operatingPoint).replicas(for: 31))
    }

    /// What is held when a load of 40 a second, after a calm, has risen by `step` a minute for five minutes.
    private func held(queueingShare: Double, step: Int, inTimeFirst: Bool = false, calmSeconds: Int = 1800) -> Int {
        var context = PolicyContext.example()
        context.operatingPoint.queueingShare = queueingShare
        context.inTimeFirst = inTimeFirst
        var stage = PolicyStage(TidewayPolicy(context), desired: 10)
        stage.run(seconds: calmSeconds) { arrive(40, &$0) }
        for minute in 1...5 { stage.run(seconds: 60) { arrive(40 + step * minute, &$0) } }
        return stage.desired
    }

    // 80 a second are 20 replicas, and one horizon of 90 s more of the same rise 3 more: 23, and at the first caution, as nobody counts
    // what is in time, 15 %: 26.45. After three hours the forecasts are relied on.
    @Test func policy_riseWhereRequestsQueue_isFollowedAheadWithAMargin() {
        let queueing = held(queueingShare: 1, step: 8)
        #expect((26...27).contains(queueing))
        #expect(queueing > held(queueingShare: 0, step: 8))
        let passingLate = held(queueingShare: 1, step: 8, inTimeFirst: true)
        #expect((22..<queueing).contains(passingLate))
        #expect((22..<queueing).contains(held(queueingShare: 1, step: 8, calmSeconds: 10_800)))
    }

    // 10 replicas of 4 a second: with the margin 11.5, at no rise.
    @Test func policy_steadyWhereRequestsQueue_holdsTheMargin() {
        #expect(held(queueingShare: 1, step: 0) == 12)
        #expect(held(queueingShare: 1, step: 0, inTimeFirst: true) == held(queueingShare: 0, step: 0))
        #expect(held(queueingShare: 1, step: 0, calmSeconds: 10_800) == held(queueingShare: 0, step: 0))
    }

    // From 10 replicas to 60 in five minutes would be 86; two and a half times the half hour's mean is less than the 60 that are there.
    @Test func policy_trend_hasALimit() {
        #expect(held(queueingShare: 1, step: 40) < 80)
    }

    @Test(arguments: [(0.0, 1.0), (5400, 1), (8100, 0.5), (10_800, 0), (1e6, 0)])
    func youth_fades(seconds: Double, youth: Double) {
        #expect(TidewayPolicy.youth(seconds) == youth)
    }

    @Test func policy_noNewSample_holds() {
        var policy = TidewayPolicy(.example())
        let decision = policy.decide(
            PolicyInput(
                now: Instant(seconds: 10), samples: SampleView(SampleHistory(), through: Instant(seconds: 9)),
                desired: 5, ready: 5, starting: 0, draining: 0, bounds: ReplicaBounds(min: 1, max: 10)))
        #expect(decision == ScalingDecision(5, .noData))
    }

    // MARK: Surges and caution

    // 1 steady replica arrives; for 20 s 5 times as much, which is seen and ordered within a decision.
    @Test func policy_surge_isAnsweredAtOnce() {
        var stage = PolicyStage(TidewayPolicy(.example()), desired: 2)
        stage.run(seconds: 900) { arrive(4, &$0) }
        stage.run(seconds: 10) { arrive(20, &$0) }
        #expect((5...8).contains(stage.desired))
        #expect(stage.reason == .burst)
    }

    // The same traffic; in one world every second request misses its objective, in the other none does. Planned are steady
    // replicas, before what is there for the present load.
    @Test func policy_requestsMiss_planGrowsMoreCautious() throws {
        func planned(missed: Int) throws -> Double {
            var stage = PolicyStage(TidewayPolicy(.example()), desired: 10)
            for step in 0..<120 {
                // Up and down without a pattern: the forecast has errors to plan for.
                let rate = 40 + (step * step * 7919 % 101) % 17 - 8
                stage.run(seconds: 30) { sample in
                    arrive(rate, &sample)
                    sample.finishedRequests += rate
                    sample.finishedOutputTokens += rate * 101
                    sample.goodRequests = (sample.goodRequests ?? 0) + rate - missed
                }
            }
            return try #require(stage.policy as? TidewayPolicy).state.planned
        }
        #expect(try planned(missed: 20) > planned(missed: 0) + 0.5)
    }

    // Misses of the first three absences are of the fleet that was found: 270 s at a start-up of 60 s.
    @Test func policy_missesOfTheFleetThatItFound_areNotItsOwn() throws {
        func caution(missing: ClosedRange<Int>) throws -> Double {
            var policy = PolicyStage(TidewayPolicy(.example()), desired: 10)
            for second in 0..<600 {
                policy.run(seconds: 1) { sample in
                    arrive(40, &sample)
                    sample.finishedRequests += 40
                    sample.finishedOutputTokens += 40 * 101
                    sample.goodRequests = (sample.goodRequests ?? 0) + (missing.contains(second) ? 20 : 40)
                }
            }
            return try #require(policy.policy as? TidewayPolicy).state.feedback.caution
        }
        let calm = try caution(missing: -1 ... -1)
        #expect(try caution(missing: 30...250) == calm)
        #expect(try caution(missing: 330...550) > calm)
    }

    // 10 steady replicas, and nothing that any model sees: each half hour a minute in which half miss. Caution is back where it began
    // before the next one; the reserve is held.
    @Test func policy_missesReturnForHours_aReserveIsHeld() throws {
        func world(missing: Bool) throws -> (desired: Int, caution: Double) {
            var stage = PolicyStage(TidewayPolicy(.example()), desired: 10)
            for second in 0..<19_600 {
                let missed = missing && second >= 6000 && second % 1800 < 60
                stage.run(seconds: 1) { sample in
                    arrive(40, &sample)
                    sample.finishedRequests += 40
                    sample.finishedOutputTokens += 40 * 101
                    sample.goodRequests = (sample.goodRequests ?? 0) + (missed ? 20 : 40)
                }
            }
            return (stage.desired, try #require(stage.policy as? TidewayPolicy).state.feedback.caution)
        }
        let (calm, restless) = (try world(missing: false), try world(missing: true))
        #expect(restless.caution < 0.6)
        #expect(restless.desired >= calm.desired + 2)
    }

    // 10 steady replicas for hours, and nobody late: where the late are passed over a fifth is saved, which a miss in a hundred gives back.
    @Test func policy_nobodyMissesForHours_planShrinks() {
        func fleet(inTimeFirst: Bool, missing: Int) -> Int {
            var context = PolicyContext.example()
            context.inTimeFirst = inTimeFirst
            var stage = PolicyStage(TidewayPolicy(context), desired: 10)
            for second in 0..<20_000 {
                stage.run(seconds: 1) { sample in
                    arrive(40, &sample)
                    sample.finishedRequests += 40
                    sample.finishedOutputTokens += 40 * 101
                    sample.goodRequests = (sample.goodRequests ?? 0) + (second % 5 == 0 ? 40 - missing : 40)
                }
            }
            return stage.desired
        }
        let usual = fleet(inTimeFirst: false, missing: 0)
        #expect(usual >= 10)
        #expect((8...9).contains(fleet(inTimeFirst: true, missing: 0)))
        #expect(fleet(inTimeFirst: true, missing: 2) >= usual)
    }

    // Ten bursts later the fleet that they need is there between them; without them one replica is enough.
    @Test func policy_burstsReturn_headRoomIsHeld() {
        var stage = PolicyStage(TidewayPolicy(.example()), desired: 2)
        stage.run(seconds: 3600) { arrive(4, &$0) }
        #expect(stage.desired == 1)
        for _ in 0..<10 {
            stage.run(seconds: 60) { arrive(20, &$0) }
            stage.run(seconds: 240) { arrive(2, &$0) }
        }
        #expect((4...9).contains(stage.desired))
    }

    // Places are kept as surges need them once bursts were measured; a steady hour, and one that grows by half, have none.
    @Test func policy_isBursty_onlyAfterBursts() throws {
        func isBursty(_ rate: (Int) -> Int) throws -> Bool {
            var stage = PolicyStage(TidewayPolicy(.example()), desired: 10)
            for minute in 0..<60 { stage.run(seconds: 60) { arrive(rate(minute), &$0) } }
            return try #require(stage.policy as? TidewayPolicy).isBursty
        }
        #expect(try isBursty { $0 % 5 == 0 ? 100 : 10 })
        #expect(try !isBursty { _ in 40 })
        #expect(try !isBursty { 40 + $0 / 3 })
    }

    // A quarter of an hour after the last burst its own replicas are gone; what head-room asked for since then is kept by the same
    // penalty.
    @Test func policy_isBursty_keepsWhatHeadRoomAskedFor() {
        func fleet(penalty: Double) -> Int {
            var settings = TidewaySettings()
            settings.surgePenalty = penalty
            var stage = PolicyStage(TidewayPolicy(.example(), settings: settings), desired: 10)
            for minute in 0..<30 { stage.run(seconds: 60) { arrive(minute % 5 == 0 ? 100 : 20, &$0) } }
            stage.run(seconds: 1000) { arrive(20, &$0) }
            return stage.desired
        }
        #expect(fleet(penalty: 8) > fleet(penalty: 2))
    }

    // Nothing comes any more where 5 steady replicas came: 4 times as many are feared, unless that is switched off.
    @Test(arguments: [(4.0, PlanReason.lull, 20), (1.0, .steady, 5)])
    func policy_trafficStopsAtOnce_isReadyForItsReturn(feared: Double, reason: PlanReason, replicas: Int) {
        var settings = TidewaySettings()
        settings.fearedSurge = feared
        var stage = PolicyStage(TidewayPolicy(.example(), settings: settings), desired: 5)
        stage.run(seconds: 1200) { arrive(20, &$0) }
        stage.run(seconds: 30) { arrive(0, &$0) }
        #expect(stage.desired == replicas)
        #expect(stage.reason == reason)
    }

    // Three hours in which it never stopped: whoever stops now is not expected to come back fourfold.
    @Test func policy_trafficStopsAfterHours_fearsNothing() {
        var stage = PolicyStage(TidewayPolicy(.example()), desired: 5)
        stage.run(seconds: 3 * 3600) { arrive(20, &$0) }
        stage.run(seconds: 30) { arrive(0, &$0) }
        #expect(stage.desired <= 5)
        #expect(stage.reason != .lull)
    }

    /// The fleet between bursts of 20 s that come each minute, where starts take 20 s.
    private func fastFleet(knob: Double = 1, bursts: Bool = true) -> Int {
        var context = PolicyContext.example()
        context.startUpMedian = .seconds(20)
        context.knob = knob
        var stage = PolicyStage(TidewayPolicy(context), desired: 2)
        for _ in 0..<20 {
            stage.run(seconds: 20) { arrive(bursts ? 60 : 16, &$0) }
            stage.run(seconds: 40) { arrive(16, &$0) }
        }
        return stage.desired
    }

    // Bursts that are over before a replica is there cannot be followed, however fast starts are.
    @Test func policy_startsAreFastAndBurstsFaster_headRoomIsHeld() {
        #expect(fastFleet(bursts: false) <= 5)
        #expect(fastFleet() >= 8)
    }

    @Test func policy_startsAreFast_knobHoldsAReserve() {
        #expect(fastFleet(knob: 3, bursts: false) >= fastFleet(bursts: false) + 4)
    }
}
