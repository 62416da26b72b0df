import Control
import Fleet
import Testing

struct AdoptionTests {
    private func replicas(_ numbers: Int...) -> [ReplicaID] { numbers.map(ReplicaID.init) }
    private let policy = RulePolicy(observationDelay: .fixed(.zero), rule: { _ in 4 })

    /// The machine of a stage after a restart: its state, and nothing else.
    private func restarted(_ machine: ControlMachine, guards: ControlGuards = .all) throws -> ControlMachine {
        let state = try #require(machine.state as? ControlState<NoPolicyState>)
        return ControlMachine(
            restoring: state, policy: policy, workload: machine.workload, variant: VariantID("8b-a100"),
            guards: guards, startUp: StartUpExpectation(expected: .seconds(60), deadline: .seconds(100)))
    }

    @Test func began_countsAllThatIsThere() {
        var machine = ControlMachine.example(policy)
        _ = machine.on(
            .began(ready: replicas(3, 1), starting: replicas(8), draining: replicas(2)), at: Instant(seconds: 0))
        #expect(machine.readyCount == 2)
        #expect(machine.startingCount == 1)
        #expect(machine.drainingCount == 1)
        // One more is wanted than is ready or starting; its number was never used.
        #expect(
            machine.on(.timerFired(generation: 1), at: Instant(seconds: 10)).contains(
                .start(ReplicaID(9), as: ActionID(1))))
    }

    @Test func restart_keepsWhatIsUnderWay() throws {
        var stage = ControlStage(policy, ready: 2, guards: .all)
        #expect(stage.decide().orders == [.start(ReplicaID(2)), .start(ReplicaID(3))])
        var machine = try restarted(stage.machine)
        let directives = machine.on(
            .began(ready: replicas(0, 1), starting: replicas(2, 3)), at: Instant(seconds: 15))
        #expect(directives.compactMap(Order.init) == [])
        #expect(machine.desiredCount == 4)
        // Ordered at 10 s, not at 15: 50 s are learned.
        _ = machine.on(.outcome(.ready(ReplicaID(2))), at: Instant(seconds: 60))
        #expect(machine.core.fleet.starting.map(\.orderedAt.seconds) == [10])
    }

    @Test func restart_replacesWhatIsGone() throws {
        var stage = ControlStage(policy, ready: 4, guards: .all)
        #expect(stage.decide().orders == [])
        var machine = try restarted(stage.machine)
        let directives = machine.on(.began(ready: replicas(0, 1, 3)), at: Instant(seconds: 15))
        #expect(directives.compactMap(Order.init) == [.start(ReplicaID(4))])
    }

    @Test func restart_repeatsOrdersWhoseEffectIsNotSeen() throws {
        let shrinking = RulePolicy(observationDelay: .fixed(.zero), rule: { $0.now.seconds > 15 ? 2 : 5 })
        var stage = ControlStage(shrinking, ready: 4, guards: .all)
        for second in 1...20 { stage.sample(at: Double(second)) }
        let first = stage.decide()
        let second = stage.decide()
        #expect(first.orders == [.start(ReplicaID(4))])
        #expect(second.orders == [.cancel(ReplicaID(4)), .drainOne, .drainOne])
        var machine = try restarted(stage.machine)
        // One drain began while nobody listened; the start is still there.
        let directives = machine.on(
            .began(ready: replicas(1, 2, 3), starting: replicas(4), draining: replicas(0)), at: Instant(seconds: 21))
        #expect(
            directives.filter { Order($0) != nil } == [
                .cancel(ReplicaID(4), as: ActionID(1)), .drainOne(as: ActionID(3)),
            ])
        #expect(machine.currentCount == 2)
    }

    @Test func restart_keepsTheKillSwitch() throws {
        var stage = ControlStage(policy, ready: 2, guards: .all)
        stage.send(.frozen)
        _ = stage.decide()
        var machine = try restarted(stage.machine)
        #expect(
            machine.on(.began(ready: replicas(0)), at: Instant(seconds: 11)).compactMap(Order.init) == [])
        #expect(machine.core.isFrozen)
    }

    @Test func unansweredDrain_isVoidAfterAWhile() {
        let policy = RulePolicy(observationDelay: .fixed(.zero), rule: { $0.now.seconds < 15 ? 1 : 2 })
        var stage = ControlStage(policy, ready: 2)
        #expect(stage.advance(to: 10) == [.drainOne])
        #expect(stage.advance(to: 20) == [.start(ReplicaID(2))])
        stage.send(.outcome(.ready(ReplicaID(2))))
        stage.advance(to: 69)
        #expect(stage.counts == [2, 2, 2, 0, 1])
        // 60 s after the order all three count, and one is too many.
        #expect(stage.advance(to: 80) == [.drainOne])
    }
}
