import Fleet
import Performance
import Routing
import Simulation
import Testing
import Traces

@Suite struct OptionTests {
    private let minute = SmallPlant.trace([(0, 10, 2), (60, 10, 2)])

    @Test func pool_full_ordersWaitUnbilledUntilRoomIsFree() {
        // One node of two accelerators holds two replicas; the third order waits until one of them has drained at 30 s.
        let result = SmallPlant.run(minute, steps: [(10, 3), (30, 2), (40, 3)]) {
            $0.initialReady = 2
            $0.pool = NodePool(id: NodePoolID("p"), nodeCount: 1, acceleratorsPerNode: 2)
        }
        #expect(abs(result.outcome.billedSeconds - 120) < 1e-6)
        #expect(result.outcome.starts == 0)
    }

    @Test func pool_drainMakesRoom_waitingOrderStarts() {
        let result = SmallPlant.run(minute, steps: [(10, 2)]) {
            $0.initialReady = 1
            $0.pool = NodePool(id: NodePoolID("p"), nodeCount: 1, acceleratorsPerNode: 1)
            $0.faults = [.crash(ReplicaID(0), at: 20)]
        }
        // The crash at 20 s frees the node: the order of 10 s starts, and runs until 60 s.
        #expect(result.outcome.starts == 1)
        #expect(abs(result.outcome.billedSeconds - 60) < 1e-6)
        #expect(result.outcome.unfinished == 0)
    }

    @Test func pool_emptyNode_addsProvisioningTime() {
        let result = SmallPlant.run(minute, steps: [(10, 2)]) {
            $0.pool = NodePool(
                id: NodePoolID("p"), nodeCount: 2, acceleratorsPerNode: 1, provisioningTime: .seconds(25))
        }
        #expect(abs(result.outcome.startUpSeconds - 35) < 1e-6)
    }

    @Test func warmPool_startIsQuickUntilItIsUsedUp() {
        let result = SmallPlant.run(minute, steps: [(10, 3)]) { $0.warmPool = WarmPool(size: 1, startUp: .seconds(2)) }
        // One quick start of 2 s, one of 10 s; the standby is billed for the whole minute.
        #expect(abs(result.outcome.startUpSeconds - 12) < 1e-6)
        #expect(abs(result.outcome.billedSeconds - (60 + 50 + 50 + 60)) < 1e-6)
    }

    @Test(arguments: ReplicaChoice.allCases, Binding.allCases)
    func dispatch_everyChoice_servesEveryRequest(_ choice: ReplicaChoice, _ binding: Binding) {
        let trace = SmallPlant.randomTrace(seed: 3)
        let result = SmallPlant.run(trace, steps: [(20, 5), (70, 2)]) {
            $0.initialReady = 3
            $0.choice = choice
            $0.binding = binding
        }
        #expect(result.outcome.unfinished == 0)
        #expect(result.outcome.requests == trace.count)
    }

    @Test func memoryOnDemand_roomForAll_changesNothing() {
        let trace = SmallPlant.randomTrace(seed: 4)
        let (reserved, onDemand) = (served(trace, .reserved), served(trace, .onDemand))
        #expect(onDemand.preemptions == 0)
        #expect(onDemand.ttft == reserved.ttft)
        #expect(onDemand.itl == reserved.itl)
    }

    /// Ten prompts of 160 tokens at once, each with 200 tokens to make, and memory for 1,000 tokens: reserved, two run at a
    /// time (2 x 360); on demand five begin, and the last ones are put off.
    @Test func memoryOnDemand_short_startsMoreAndPreemptsTheLast() {
        let trace = SmallPlant.trace((0..<10).map { (0.01 * Double($0), 160, 200) })
        let (reserved, onDemand) = (served(trace, .reserved, 1000), served(trace, .onDemand, 1000))
        #expect(reserved.preemptions == 0)
        #expect(onDemand.preemptions > 0)
        #expect(reserved.unfinished == 0 && onDemand.unfinished == 0)
        #expect(onDemand.ttft.p50 < reserved.ttft.p50)
        #expect((onDemand.itlMean ?? 0) > (reserved.itlMean ?? 1))
        #expect(served(trace, .onDemand, 1000).digest == onDemand.digest)
    }

    @Test func memoryOnDemand_replicaCrashes_everyRequestIsAnsweredOrFailed() {
        let trace = SmallPlant.trace((0..<10).map { (0.01 * Double($0), 160, 200) })
        let outcome = served(trace, .onDemand, 1000) { $0.faults = [.crash(ReplicaID(0), at: 3)] }
        #expect(outcome.failed > 0)
        #expect(outcome.unfinished == 0)
    }

    private func served(
        _ trace: Trace, _ memory: MemoryRule, _ kvTokens: Int = 10_000,
        _ change: (inout SimulationOptions) -> Void = { _ in }
    ) -> SimulationOutcome {
        var options = SimulationOptions()
        options.startUp = StartUpModel(median: .seconds(10), spread: 1)
        options.binding = .early
        options.initialReady = 2
        options.memory = memory
        change(&options)
        var profile = SmallPlant.profile
        profile.kvTokens = kvTokens
        return Simulator(
            trace: trace, profile: profile, policy: ScheduledSteps(steps: []), options: options
        ).run().outcome
    }

    @Test func dispatch_choices_placeRequestsDifferently() {
        let trace = SmallPlant.randomTrace(seed: 3)
        let digests = ReplicaChoice.allCases.map { choice in
            SmallPlant.run(trace) {
                $0.initialReady = 4
                $0.choice = choice
            }.outcome.digest
        }
        #expect(Set(digests).count == ReplicaChoice.allCases.count)
    }

    @Test func hugeRequest_isClampedAlike_whenItComesAndWhenItGoes() {
        // Over 2^31 tokens with its output; afterwards the table must be empty again (checked after each event).
        let trace = SmallPlant.trace([(0, 3_000_000_000, 1), (4_000_000, 10, 2), (4_000_001, 10, 2)])
        let result = SmallPlant.run(trace) { $0.initialReady = 2 }
        #expect(result.outcome.unfinished == 0)
    }

    @Test func queueLimit_full_refusesWithoutLosingOthers() {
        let trace = SmallPlant.trace((0..<40).map { (Double($0) * 1e-3, 200, 2) } + [(60, 1, 1)])
        let result = SmallPlant.run(trace) { $0.queueLimit = 5 }
        // 0.2 s of prefill each: one is admitted, a second would make more than 0.25 s of backlog; five wait, 34 are refused.
        #expect(result.outcome.unfinished == 34)
        #expect(result.outcome.requests == 41)
    }

    @Test func energy_idleAndBusySeconds_followThePowerModel() {
        // 0.01 s of prefill, then one token of 10 ms with one sequence; 60 s in all, the last request ends after it.
        let result = SmallPlant.run(SmallPlant.trace([(0, 10, 2), (59.9, 10, 1)]))
        let busy = 0.02 + 0.01
        let expected = (60 - busy) * 100 + busy * 300 + 0.01 * 10
        #expect(abs(result.outcome.energy.joules - expected) < 1e-6)
    }
}

@Suite struct ServiceTests {
    /// One replica, one request at a time, 80 ms each; three arrive at once: answered after 80, 160 and 240 ms.
    @Test func service_threeAtOnce_queueBehindEachOther() {
        var options = SimulationOptions()
        options.slo = ServiceLevelObjective(limits: .latency(.milliseconds(200)), attainmentTarget: 0.99)
        let profile = PerformanceProfile.service(
            name: "s", serviceTime: .milliseconds(80), concurrency: 1, price: Price(perAcceleratorHour: 0))
        let trace = SmallPlant.trace([(0, 1, 2), (0, 1, 2), (0, 1, 2)])
        let outcome = Simulator(
            trace: trace, profile: profile, policy: ScheduledSteps(steps: []), options: options
        ).run().outcome
        #expect(outcome.good == 2)
        #expect(outcome.ttftOK == 2)
        #expect(abs(outcome.ttft.p50 - 0.16) < 1e-6)
        #expect(abs(outcome.latency.p99 - 0.24) < 1e-6)
        #expect(outcome.itl.p99 == 0)
    }
}
