import Control
import Fleet
import Testing

struct ReactiveGuardTests {
    /// Wants what it is told at its turns, every 10 s; the present load needs a replica for each 4 requests in flight.
    private func stage(
        wanting desired: Int, ready: Int, bounds: ReplicaBounds = ReplicaBounds(min: 0, max: 8),
        guards: ControlGuards = .reactive
    ) -> ControlStage {
        let policy = RulePolicy(
            observationDelay: .delivered(after: .seconds(1)), rule: { _ in desired },
            need: { $0.samples.latest.map { ($0.inFlightRequests + 3) / 4 } })
        return ControlStage(policy, ready: ready, bounds: bounds, guards: guards)
    }

    @Test func burst_isAnsweredAtTheObservationItself() throws {
        var stage = stage(wanting: 2, ready: 2)
        #expect(stage.observe(at: 3, running: 8).compactMap(Order.init) == [])
        // 8 running and 9 waiting need five replicas, 7 s before the policy's turn.
        let directives = stage.observe(at: 3.2, queued: 9, running: 8)
        #expect(
            directives.compactMap(Order.init) == [.start(ReplicaID(2)), .start(ReplicaID(3)), .start(ReplicaID(4))])
        let record = try #require(directives.lazy.compactMap(\.decision).first)
        #expect(record.at.seconds == 3.2)
        #expect(record.reasons == [.burst, .steady])
        #expect(record.plan.basedOn == Instant(seconds: 3.2))
        #expect(stage.observe(at: 3.4, queued: 9, running: 8).compactMap(Order.init) == [])
    }

    @Test func need_isAFloorAtThePolicysTurnToo() {
        var stage = stage(wanting: 1, ready: 4)
        stage.observe(at: 9, running: 11)
        let decision = stage.decide()
        #expect(decision.orders == [.drainOne])
        #expect(decision.record?.proposed == 1)
        #expect(decision.record?.reasons == [.burst, .forecast])
    }

    @Test func need_beyondTheBounds_isCutAndThatIsSaid() {
        var stage = stage(wanting: 2, ready: 2)
        let directives = stage.observe(at: 1, queued: 99)
        #expect(directives.compactMap(Order.init).count == 6)
        #expect(directives.lazy.compactMap(\.decision).first?.reasons == [.burst, .steady, .bounds])
        #expect(stage.observe(at: 2, queued: 199) == [])
    }

    @Test func mostNeeded_sinceTheLastTurn_isTold() {
        let policy = RulePolicy(
            observationDelay: .fixed(.zero), rule: { $0.presentNeedMax },
            need: { $0.samples.latest?.runningRequests })
        var stage = ControlStage(policy, ready: 4, guards: .reactive)
        stage.observe(at: 1, running: 3)
        stage.observe(at: 2, running: 1)
        #expect(stage.decide().record?.proposed == 3)
        #expect(stage.decide().record?.proposed == 1)
    }

    @Test func scaleFromZero_firstRequestWakesAtOnce() {
        let policy = RulePolicy(observationDelay: .delivered(after: .seconds(1)), rule: { _ in 0 })
        var stage = ControlStage(policy, ready: 0, guards: .all)
        #expect(stage.observe(at: 1).compactMap(Order.init) == [])
        let directives = stage.observe(at: 1.05, arrived: 1, queued: 1)
        #expect(directives.compactMap(Order.init) == [.start(ReplicaID(0))])
        #expect(directives.lazy.compactMap(\.decision).first?.reason == .wake)
        // The policy's 0 does not undo it while the request waits.
        #expect(stage.advance(to: 11) == [])
        #expect(stage.counts == [1, 1, 0, 1, 0])
    }

    @Test func lostReplica_isReplacedAtOnce() {
        var stage = stage(wanting: 2, ready: 2)
        _ = stage.decide()
        stage.advance(to: 35)
        #expect(stage.send(.outcome(.lost(ReplicaID(0)))).compactMap(Order.init) == [.start(ReplicaID(2))])
    }

    @Test func freshController_startsWhatTheBoundsAskForAtOnce() {
        let policy = RulePolicy(observationDelay: .fixed(.zero), rule: { _ in 2 })
        var machine = ControlMachine.example(policy, bounds: ReplicaBounds(min: 2, max: 9), guards: .all)
        let directives = machine.on(.began(ready: []), at: Instant(seconds: 0))
        #expect(directives.compactMap(Order.init) == [.start(ReplicaID(0)), .start(ReplicaID(1))])
        #expect(directives.lazy.compactMap(\.decision).first?.reason == .bounds)
    }

    @Test func peers_areNotHelped() {
        var stage = stage(wanting: 0, ready: 0, guards: [])
        #expect(stage.observe(at: 1, queued: 50) == [])
    }

    /// The gateway began anew: counters fall. What was known is no base for rates.
    @Test func countersFell_historyBeginsAnew() {
        let policy = RulePolicy(observationDelay: .fixed(.zero), rule: { _ in 1 }, need: { Int($0.samples.age) })
        var stage = ControlStage(policy, ready: 1, bounds: ReplicaBounds(min: 1, max: 9), guards: .reactive)
        stage.observe(at: 1, arrived: 100)
        #expect(stage.observe(at: 3, arrived: 110).compactMap(Order.init) == [.start(ReplicaID(1))])
        #expect(stage.observe(at: 9, arrived: 5) == [])
    }
}
