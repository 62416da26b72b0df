import Control
import Fleet
import Testing

@testable import Policies

struct KubernetesPoliciesTests {
    // In flight / 10; seen 15 s late: the step of 90 shows one sync later.
    @Test func hpa_loadRises_followsOneScrapeLate() {
        expect(
            HPAPolicy(.example()), from: 2, step: 15, load: "20 90 90 20 20", replicas: "2 2 6 9 9")
    }

    @Test func hpa_knobDoubled_halvesTheTarget() {
        // 20 in flight / 5 = 4.
        expect(HPAPolicy(.example(knob: 2)), from: 2, step: 15, load: "20 20 20", replicas: "2 4 4")
    }

    // Waiting requests / 5; what runs does not count.
    @Test func kedaQueue_countsOnlyWaitingRequests() {
        expect(
            KEDAPolicy(.example(), withConcurrency: false), from: 2, step: 30, load: "0 12 12",
            replicas: "2 3 3"
        ) {
            $0.runningRequests = 500
            $0.queuedRequests = $1
        }
    }

    @Test func kedaQueueAndConcurrency_takesTheLargerWish() {
        // ceil(12/5) = 3 against ceil((12 + 48)/10) = 6.
        expect(
            KEDAPolicy(.example(), withConcurrency: true), from: 2, step: 30, load: "12 12", replicas: "6 6"
        ) {
            $0.runningRequests = 48
            $0.queuedRequests = $1
        }
    }

    @Test func keda_idleWithMinimumZero_jumpsToZeroAfterTheCoolDown() {
        var stage = PolicyStage(KEDAPolicy(.example(), withConcurrency: true), desired: 12)
        stage.bounds = ReplicaBounds(min: 0, max: 100)
        stage.run(seconds: 60) { $0.runningRequests = 120 }
        // Last active at the poll of 75 s, which sees the 60th second. At 375 s it is not yet "more than" 300 s.
        stage.run(seconds: 330) { $0.runningRequests = 0 }
        #expect(stage.desired == 1)
        stage.run(seconds: 30) { _ in }
        #expect(stage.desired == 0)
        // One request wakes it at a poll, at 1, whatever waits.
        stage.run(seconds: 60) { $0.queuedRequests = 1 }
        #expect(stage.desired == 1)
    }

    @Test func keda_idleWithMinimumOne_neverReachesZero() {
        var stage = PolicyStage(KEDAPolicy(.example(), withConcurrency: true), desired: 3)
        stage.run(seconds: 1200) { _ in }
        #expect(stage.desired == 1)
    }
}
