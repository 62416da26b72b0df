import Control
import Fleet
import Testing

@testable import Policies

struct ServingPoliciesTests {
    // MARK: Ray Serve

    // Target 10. The 30 s mean is pushed every 10 s; 7 ticks of 5 s in a row must wish to grow.
    @Test func rayServe_loadRises_followsAfterMoreThan30Seconds() {
        var stage = PolicyStage(RayServePolicy(.example()), desired: 2)
        stage.run(seconds: 60) { $0.runningRequests = 20 }
        #expect(stage.desired == 2)
        // Pushed at 70 s: mean (20 x 20 + 10 x 50)/30 = 30, a wish for 3 from 70 s on; the 7th tick is at 100 s, when the
        // mean is ceil(50/10) = 5.
        stage.run(seconds: 39) { $0.runningRequests = 50 }
        #expect(stage.desired == 2)
        stage.run(seconds: 1) { $0.runningRequests = 50 }
        #expect(stage.desired == 5)
    }

    @Test func rayServe_loadFalls_waitsMoreThan600Seconds() {
        var stage = PolicyStage(RayServePolicy(.example()), desired: 5)
        // The first tick sees no push; wishes from 10 s on. The 121st is at 10 + 600 s.
        stage.run(seconds: 609) { $0.runningRequests = 10 }
        #expect(stage.desired == 5)
        stage.run(seconds: 1) { $0.runningRequests = 10 }
        #expect(stage.desired == 1)
    }

    @Test func directionCounter_directionChanges_startsAnew() {
        var counter = DirectionCounter(upAfter: 2, downAfter: 3)
        let wishes = [3, 1, 3, 3, 1, 1, 2, 1, 1, 1]
        let fleets = wishes.map { counter.decide(wish: $0, current: 2).desired }
        #expect(fleets == [2, 2, 2, 3, 2, 2, 2, 2, 2, 1])
    }

    // MARK: SkyServe

    @Test func skyServe_rateRises_followsAtThe15thWish() {
        var stage = PolicyStage(SkyServePolicy(.example()), desired: 2)
        // 16 requests/s / 4 = 4. The 60 s window is full at 60 s; before, 320/60 = 5.3/s at 20 s is a wish for 2 = none,
        // 640/60 = 10.7/s at 40 s is one for 3. The 15th wish in a row is at 40 + 14 x 20 = 320 s.
        stage.run(seconds: 319) { $0.arrivedRequests += 16 }
        #expect(stage.desired == 2)
        stage.run(seconds: 1) { $0.arrivedRequests += 16 }
        #expect(stage.desired == 4)
    }

    @Test func skyServe_rateFalls_followsAtThe60thWish() {
        var stage = PolicyStage(SkyServePolicy(.example()), desired: 4)
        stage.run(seconds: 1199) { $0.arrivedRequests += 1 }
        #expect(stage.desired == 4)
        stage.run(seconds: 1) { $0.arrivedRequests += 1 }
        #expect(stage.desired == 1)
    }

    @Test func skyServe_fromNothing_followsAtOnce() {
        var stage = PolicyStage(SkyServePolicy(.example()), desired: 0)
        stage.bounds = ReplicaBounds(min: 0, max: 10)
        // 16 x 20 / 60 / 4 = 1.33: 2.
        stage.run(seconds: 20) { $0.arrivedRequests += 16 }
        #expect(stage.desired == 2)
    }

    // MARK: AIBrix

    // 2 ready with 40 in flight: 20 each, x = 2: ceil(2 x 2) = 4. The 2 new ones are not ready (start-up 1000 s), so the mean
    // stays 20 and the next resync doubles again: 8. The trap: R counts what still loads.
    @Test func aibrix_whileReplicasLoad_doublesAgain() {
        expect(
            AIBrixPolicy(.example(), coolDown: .asWritten), from: 2, step: 10, startUpSeconds: 1000,
            load: "40 40 40", replicas: "4 8 16")
    }

    @Test func aibrix_withinTolerance_keeps() {
        // 22 in flight over 2 replicas: x = 1.1 is not above 1.1.
        expect(AIBrixPolicy(.example(), coolDown: .asWritten), from: 2, step: 10, load: "22 22", replicas: "2 2")
    }

    // 8 replicas with 80 in flight; then 64: x falls slowly (window 180 s) to below 0.9. As written the smallest wish of
    // 300 s counts, so an old dip takes the fleet down to its own depth; fixed keeps the largest.
    @Test func aibrix_coolDownAsWritten_takesTheSmallestWishOf300Seconds() {
        var recommended = AIBrixPolicy(.example(), coolDown: .asWritten)
        var fixed = AIBrixPolicy(.example(), coolDown: .fixed)
        var results: [[Int]] = []
        for kind in 0..<2 {
            // 10 s at 20 in flight on 4 replicas: x = 0.5, a wish for 2. Then the fleet is set to 10 by hand.
            var history = SampleHistory()
            var fleet: [Int] = []
            for (second, load, replicas) in [(10, 20, 4), (191, 85, 10)] {
                var sample = WorkloadSample(at: Instant(seconds: Double(second)))
                sample.runningRequests = load
                sample.replicas = (0..<replicas).map { .idle($0) }
                history.append(sample)
                let input = PolicyInput(
                    now: Instant(seconds: Double(second) + 1),
                    samples: SampleView(history, through: Instant(seconds: Double(second))), desired: replicas,
                    ready: replicas, starting: 0, draining: 0, bounds: ReplicaBounds(min: 1, max: 100))
                fleet.append(kind == 0 ? recommended.decide(input).desired : fixed.decide(input).desired)
            }
            results.append(fleet)
        }
        // The second wish is ceil(10 x 0.85) = 9: as written falls to the 2 of 3 minutes ago, fixed to 9 (max(2, 9)).
        #expect(results == [[2, 2], [2, 9]])
    }

    @Test func aibrix_scaleDown_atMostHalves() {
        // 9 replicas, nothing in flight: max(0, floor(4.5)) = 4.
        expect(AIBrixPolicy(.example(), coolDown: .asWritten), from: 9, step: 10, load: "0", replicas: "4")
    }

    // MARK: kthena

    @Test func kthena_oneReplicasWorth_holdsWhateverTheFleet() {
        // Sum 11 against one target of 10: 1.1, "within tolerance", at 6 replicas.
        expect(KthenaPolicy(.example()), from: 6, step: 600, load: "11", replicas: "6")
    }

    @Test func kthena_scaleDown_waitsFiveMinutes() {
        // The 6 found at the first sync (15 s sees nothing, 30 s is the first) leave the window 300 s later.
        var stage = PolicyStage(KthenaPolicy(.example()), desired: 6)
        stage.run(seconds: 314) { $0.runningRequests = 25 }
        #expect(stage.desired == 6)
        stage.run(seconds: 31) { $0.runningRequests = 25 }
        #expect(stage.desired == 3)
    }

    @Test func kthena_growth_isLimitedPerMinuteUntilPanic() {
        // 10 replicas, a wish for 19: within 100 % a minute. A wish for 20 is panic.
        expect(KthenaPolicy(.example()), from: 10, step: 30, load: "190 190", replicas: "19 19")
        // From 1 with 90 in flight: 9 >= 2 is panic: 1000 % of 1 a minute allow 11.
        expect(KthenaPolicy(.example()), from: 1, step: 30, load: "90 90", replicas: "9 9")
    }
}
