import Control
import Fleet
import Testing

@testable import Policies

struct KnativePolicyTests {
    // Target 7. A steady 21 in flight is 3 replicas; at 3 ready it starts in panic, which holds 3 for a minute.
    @Test func steadyLoad_keepsTheFleet() {
        expect(KnativePolicy(.example()), from: 3, step: 60, load: "21 21 21", replicas: "3 3 3")
    }

    @Test func burst_enteredAtTwiceReady_growsByTheShortWindow() {
        var stage = PolicyStage(KnativePolicy(.example()), desired: 1)
        stage.startUpSeconds = 1000
        stage.run(seconds: 120) { $0.runningRequests = 7 }
        #expect(stage.desired == 1)
        // 70 in flight: after 7 s the short window of 6 s (seen 1 s late) is full: ceil(70/7) = 10 of 1 ready.
        stage.run(seconds: 8) { $0.runningRequests = 70 }
        #expect(stage.desired == 10)
        #expect(stage.reason == .burst)
        // It is over at once, but panic never shrinks, for 60 s after the last tick over the threshold.
        stage.run(seconds: 50) { $0.runningRequests = 7 }
        #expect(stage.desired == 10)
        // Then the stable window is clean too: 1.
        stage.run(seconds: 30) { $0.runningRequests = 7 }
        #expect(stage.desired == 1)
    }

    @Test func scaleDown_halvesReadyReplicasATick() {
        var stage = PolicyStage(KnativePolicy(.example()), desired: 16)
        // The start-up panic ends 60 s after the first tick (2 s): first tick after 62 s is 64 s.
        stage.run(seconds: 63) { $0.runningRequests = 1 }
        #expect(stage.desired == 16)
        // 64, 66, 68, 70 s: floor(16/2), then 4, 2, 1.
        let fleets = (0..<4).map { _ in
            stage.run(seconds: 2) { $0.runningRequests = 1 }
            return stage.desired
        }
        #expect(fleets == [8, 4, 2, 1])
    }

    @Test func noSamples_holds() {
        var policy = KnativePolicy(.example())
        let decision = policy.decide(
            PolicyInput(
                now: Instant(seconds: 2), samples: SampleView(SampleHistory(), through: Instant(seconds: 1)),
                desired: 5, ready: 5, starting: 0, draining: 0, bounds: ReplicaBounds(min: 1, max: 10)))
        #expect(decision == ScalingDecision(5, .noData))
    }
}
