import Control
import Fleet
import Testing

@testable import Policies

struct StaticAndScheduleTests {
    @Test func static_anyLoad_keepsItsNumber() throws {
        let policy = try PolicyCatalog.make("static", context: .example(staticReplicas: 4))
        var stage = PolicyStage(policy, desired: 1)
        stage.run(seconds: 10) { $0.runningRequests = 1000 }
        #expect(stage.desired == 4)
        #expect(policy.nextDecision(after: Instant(seconds: 5), isFirst: true) == Instant(seconds: 5))
        #expect(policy.nextDecision(after: Instant(seconds: 5), isFirst: false) == Instant(seconds: 20))
    }

    @Test func schedule_decidesExactlyAtItsSteps() {
        let steps = [(0.0, 3), (60.5, 5), (90, 2)].map {
            SchedulePolicy.Step(at: Instant(seconds: $0.0), desired: $0.1)
        }
        var policy = SchedulePolicy(steps: steps)
        var instant = policy.nextDecision(after: Instant(seconds: 0), isFirst: true)
        var seen: [Double] = []
        var fleets: [Int] = []
        while let now = instant {
            seen.append(now.seconds)
            let view = SampleView(SampleHistory(), through: now)
            let input = PolicyInput(
                now: now, samples: view, desired: 1, ready: 1, starting: 0, draining: 0,
                bounds: ReplicaBounds(min: 1, max: 9))
            let decision = policy.decide(input)
            #expect(decision.reason == .scheduled)
            fleets.append(decision.desired)
            instant = policy.nextDecision(after: now, isFirst: false)
        }
        #expect(seen == [0, 60.5, 90])
        #expect(fleets == [3, 5, 2])
    }
}
