import Control
import Fleet
import Link
import Testing

@testable import Runtime

struct FleetControllerTests {
    @Test func controller_moreDesired_writesTheOrderDownBeforeItStarts() throws {
        let world = try World([2])
        try world.boot()
        try world.run(1.2)
        let orders = world.effects.compactMap { effect -> String? in
            switch effect {
            case .journal(.replica(let replica), isOrder: true): "wrote \(replica.number)"
            case .start(let order): "started \(order.name.replica.number)"
            default: nil
            }
        }
        #expect(orders == ["wrote 0", "started 0", "wrote 1", "started 1"])
    }

    @Test func controller_replicaReady_tellsTheGatewayItsAddress() throws {
        let world = try World([1])
        try world.boot()
        try world.run(2.4)
        #expect(world.fleet.isEmpty)
        try world.run(1)
        #expect(world.fleet == [ReplicaAddress(number: 0, host: "127.0.0.1", port: 4101)])
    }

    // With the fleet, once when it is learned and again to a gateway that is new.
    @Test func controller_enginesAreSlower_tellsTheGatewayAndPeople() throws {
        let times = EngineTimes(fixed: 1.3)
        let world = try World([1], learned: (from: 3, times: times))
        func told() -> [EngineTimes?] {
            world.effects.compactMap {
                if case .tellGateway(.fleet(let update)) = $0 { .some(update.engineTimes) } else { nil }
            }
        }
        try world.boot()
        try world.run(2.5)
        #expect(told().allSatisfy { $0 == nil })
        world.effects = []
        try world.run(5)
        #expect(told() == [times])
        let details = world.effects.compactMap { effect -> String? in
            if case .notice(let notice) = effect { notice.detail } else { nil }
        }
        #expect(details.contains("\(times)"))
        world.effects = []
        try world.give(.gatewayGone)
        try world.connect()
        #expect(told() == [times])
    }

    @Test func controller_fewerDesired_drainsBeforeItStops() throws {
        let world = try World([3, 3, 3, 3, 3, 2])
        try world.boot()
        try world.run(4)
        try world.sample()
        #expect(world.routed == [0, 1, 2])
        try world.run(1)
        try world.sample()
        try world.run(0.5)
        #expect(world.routed == [0, 1])
        #expect(world.running == [0, 1, 2])
        try world.run(2)
        #expect(world.running == [0, 1])
        #expect(world.fleet.map(\.number) == [0, 1])
    }

    @Test func controller_replicaCrashes_tellsTheGatewayAtOnceAndReplacesIt() throws {
        let world = try World([2])
        try world.boot()
        try world.run(4)
        try world.kill(world.name(1))
        #expect(world.fleet.map(\.number) == [0])
        try world.run(4)
        #expect(world.running == [0, 2])
        #expect(world.routed == [0, 2])
    }

    @Test func controller_startFails_startsAnother() throws {
        let world = try World([1])
        world.nextFault = .failed(world.name(0), reason: "no such program")
        try world.boot()
        try world.run(60)
        #expect(world.running.count == 1)
        #expect(world.routed == world.running)
    }

    @Test func controller_gatewayAway_drainsWhenItIsBack() throws {
        let world = try World([2, 2, 2, 2, 2, 1])
        try world.boot()
        try world.run(4)
        try world.sample()
        world.isConnected = false
        try world.give(.gatewayGone)
        try world.run(3)
        #expect(world.running == [0, 1])
        world.fleet = []
        try world.connect()
        try world.sample()
        try world.run(6)
        #expect(world.running.count == 1)
        #expect(world.routed == world.running)
    }

    @Test func controller_gatewayDoesNotChoose_drainsTheNewest() throws {
        let world = try World([2, 2, 2, 2, 2, 1])
        try world.boot()
        try world.run(4.5)
        try world.sample()
        // A gateway that hears nothing for a while.
        world.isConnected = false
        try world.run(2)
        world.isConnected = true
        try world.sample()
        try world.run(9)
        #expect(world.running == [0])
    }

    @Test func controller_gatewayRefusesToDrain_saysSoAndAsksAgain() throws {
        let world = try World([2, 2, 2, 2, 2, 1])
        world.refusesDrains = true
        try world.boot()
        try world.run(4)
        try world.sample()
        try world.run(2)
        let refused = world.effects.filter {
            if case .notice(let notice) = $0 { notice.text == "The gateway could not drain a replica" } else { false }
        }
        #expect(!refused.isEmpty)
        #expect(world.running == [0, 1] && world.routed == [0, 1])
        world.refusesDrains = false
        try world.sample()
        try world.run(4)
        #expect(world.running.count == 1)
    }

    @Test func controller_stopped_drainsAllAndEnds() throws {
        let world = try World([3])
        try world.boot()
        try world.run(4)
        try world.give(.shutDown(deadline: .seconds(30)))
        #expect(world.routed.isEmpty)
        #expect(world.running == [0, 1, 2])
        try world.run(2)
        #expect(world.running.isEmpty)
        #expect(world.effects.last == .finished)
        #expect(world.journal?.state.replicas.isEmpty == true)
    }

    @Test func controller_stoppedWithLongRequests_stopsAtTheDeadline() throws {
        let world = try World([2])
        world.drainSeconds = 1000
        try world.boot()
        try world.run(4)
        try world.give(.shutDown(deadline: .seconds(10)))
        try world.run(9)
        #expect(world.running == [0, 1])
        try world.run(2)
        #expect(world.running.isEmpty)
        #expect(world.effects.contains(.stop(world.name(0), deadline: FleetController.lastWords)))
        #expect(world.effects.last == .finished)
    }

    @Test func controller_replicaOfNoWorkload_isStopped() throws {
        let world = try World([0])
        let stray = ReplicaName(WorkloadID("old"), ReplicaID(4))
        let record = ReplicaRecord(
            name: stray, variant: VariantID("x"), host: "127.0.0.1", port: 1, orderedAt: Instant(seconds: 0))
        world.processes[stray] = World.Process(record: record, readyAt: 0)
        try world.boot()
        #expect(world.effects.contains(.stop(stray, deadline: nil)))
        #expect(world.processes[stray] == nil)
    }

    @Test func controller_workloadRemovedByReload_isDrainedAndForgotten() throws {
        let world = try World([2])
        try world.boot()
        try world.run(4)
        try world.give(.plans([]))
        try world.run(3)
        #expect(world.running.isEmpty)
        #expect(world.controller?.status(processID: 1, startedAt: Instant(seconds: 0)).workloads.isEmpty == true)
    }

    @Test func controller_samePlanAgain_changesNothing() throws {
        let world = try World([2])
        world.plans[0].policyBasis = "steps"
        try world.boot()
        try world.run(4)
        let count = world.effects.count
        try world.give(.plans(world.plans))
        #expect(world.effects.count == count)
        var other = world.plans
        other[0].workload.bounds = ReplicaBounds(min: 3, max: 10)
        try world.give(.plans(other))
        try world.run(3)
        #expect(world.running == [0, 1, 2])
    }

    @Test func counters_gatewayRestarted_goOn() {
        var continuity = CounterContinuity()
        var sample = GatewaySample(workload: "chat")
        sample.arrivedRequests = 10
        sample.finishedRequests = 8
        sample.goodRequests = 7
        #expect(continuity.sample(sample).arrivedRequests == 10)
        sample.arrivedRequests = 3
        sample.finishedRequests = 2
        sample.goodRequests = 2
        #expect(continuity.sample(sample).arrivedRequests == 13)
        sample.arrivedRequests = 4
        let last = continuity.sample(sample)
        #expect(last.arrivedRequests == 14)
        #expect(last.finishedRequests == 10)
        #expect(last.goodRequests == 9)
    }
}
