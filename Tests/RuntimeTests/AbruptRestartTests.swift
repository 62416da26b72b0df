import Fleet
import Link
import Sampling
import Testing

@testable import Runtime

struct AbruptRestartTests {
    @Test func restart_replicasRun_adoptsThemAndGoesOn() throws {
        let world = try World([3])
        try world.boot()
        try world.run(4)
        let before = world.fleet
        try world.crash()
        try world.run(20)
        #expect(world.fleet == before)
        world.effects = []
        try world.boot()
        try world.run(5)
        #expect(world.fleet == before)
        #expect(!world.effects.contains { if case .start = $0 { true } else { false } })
    }

    @Test func restart_orderInFlight_isGivenAgainUnderTheSameName() throws {
        let world = try World([1])
        try world.boot()
        // The order is written down, and nobody carries it out.
        world.swallowsStarts = true
        try world.run(1.1)
        try world.crash()
        world.swallowsStarts = false
        try world.boot()
        try world.run(4)
        #expect(world.running == [0])
        #expect(world.starts == [world.name(0): 2])
        #expect(world.routed == [0])
    }

    @Test func restart_replicaDiedMeanwhile_isReplaced() throws {
        let world = try World([2])
        try world.boot()
        try world.run(4)
        try world.crash()
        world.processes[world.name(0)] = nil
        try world.boot()
        #expect(world.fleet.map(\.number) == [1])
        try world.run(4)
        #expect(world.running == [1, 2])
    }

    @Test func restart_amidADrain_finishesIt() throws {
        let world = try World([2, 2, 2, 2, 2, 1])
        try world.boot()
        try world.run(4.5)
        try world.sample()
        try world.run(0.9)
        try world.sample()
        try world.run(0.2)
        #expect(world.fleet.contains { $0.isDraining })
        try world.crash()
        try world.boot()
        try world.sample()
        try world.run(4)
        #expect(world.running == [0])
        #expect(world.routed == [0])
    }

    /// Twenty abrupt ends in a row, each with the journal cut at any byte of its last kilobyte: the fleet follows the same steps, nothing runs that
    /// the controller does not know, and nothing is missing.
    @Test(arguments: 0..<5)
    func restart_twentyTimesWithATornJournal_leavesNoOrphanAndNoDuplicate(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed), stream: 1)
        let steps = (0..<400).map { 1 + ($0 / 13 * 7) % 5 }
        let world = try World(steps)
        try world.boot()
        for round in 0..<20 {
            for _ in 0..<Int.random(in: 3...12, using: &generator) {
                try world.run(Double.random(in: 0.1...1.9, using: &generator))
                try world.sample()
            }
            let size = world.folder.bytes("journal").count
            try world.crash(journalBytes: Int.random(in: max(size - 1000, 0)...size, using: &generator))
            try world.run(Double.random(in: 0...2, using: &generator))
            try world.boot()
            try world.sample()
            #expect(world.starts.values.max() ?? 0 <= 20, "seed \(seed), round \(round)")
        }
        world.now = World.origin + 400
        for _ in 0..<30 {
            try world.run(1)
            try world.sample()
        }
        let wanted = steps[steps.count - 1]
        #expect(world.running.count == wanted, "seed \(seed): \(world.running)")
        #expect(world.routed == world.running, "seed \(seed)")
        #expect(world.status.ready == wanted && world.status.starting == 0 && world.status.draining == 0)
    }
}
