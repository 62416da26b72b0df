import Fleet
import Performance
import Routing
import Simulation
import Testing
import Traces

/// The order `slo` in whole runs. Invariants are checked after each event, in debug builds.
@Suite struct InTimeOrderRunTests {
    /// Prefill of 0.1 s a request on one replica, 20 requests a second: twice what it carries.
    private func overloaded(_ change: (inout SimulationOptions) -> Void = { _ in }) -> SimulationResult {
        SmallPlant.run(SmallPlant.trace((0..<400).map { (Double($0) * 0.05, 100, 1) })) {
            $0.order = .slo
            change(&$0)
        }
    }

    /// First come, first served all but the first seconds are late; in time first, half of all are good: as many as it carries.
    @Test func overload_servesInTimeAsManyAsItCarries() {
        let plain = overloaded { $0.order = .fcfs }.outcome
        let inTime = overloaded().outcome
        #expect(plain.attainment < 0.12)
        #expect(inTime.attainment > 0.4)
        #expect(plain.unfinished == 0 && inTime.unfinished == 0)
    }

    @Test func overload_lateRequests_areAnsweredAndCounted() {
        let outcome = overloaded().outcome
        #expect(outcome.ttftOK < outcome.requests)
        // 40 s of work came in 20 s: the last is answered 20 s after the last arrival.
        #expect(outcome.lateTTFT.p50 > 1 && outcome.lateTTFT.p99 < 41)
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func faults_everyRequestIsAccountedFor(_ seed: UInt64) {
        let trace = SmallPlant.randomTrace(seed: seed, rate: 40)
        let result = SmallPlant.run(trace, steps: [(20, 5), (50, 2), (80, 4), (110, 1)]) {
            $0.order = .slo
            $0.seed = seed
            $0.initialReady = 3
            $0.faults = [
                .crash(ReplicaID(0), at: 10), .crash(ReplicaID(1), at: 33),
                .slow(ReplicaID(2), factor: 0.3, from: 40, until: 90), .failedStart(ordinal: 1),
            ]
        }
        #expect(result.outcome.requests == trace.count)
        #expect(result.outcome.unfinished == 0)
        #expect(result.outcome.good <= result.outcome.ttftOK)
    }

    @Test func run_twice_sameDigest_andAnotherThanFirstComeFirstServed() {
        let trace = SmallPlant.randomTrace(seed: 5, rate: 60)
        let digests = [DispatchOrder.slo, .slo, .fcfs].map { order in
            SmallPlant.run(trace) {
                $0.initialReady = 2
                $0.order = order
            }.outcome.digest
        }
        #expect(digests[0] == digests[1])
        #expect(digests[0] != digests[2])
    }

    /// All can be in time and no iteration comes near its limit: the order makes no difference to what is good.
    @Test func idleFleet_orderMakesNoDifference() {
        let trace = SmallPlant.randomTrace(seed: 5, rate: 2)
        let outcomes = [DispatchOrder.slo, .fcfs].map { order in
            SmallPlant.run(trace) {
                $0.initialReady = 4
                $0.order = order
            }.outcome
        }
        #expect(outcomes[0].good == outcomes[1].good)
        #expect(outcomes[0].ttft.p99 == outcomes[1].ttft.p99)
    }

    /// All replicas take twice as long, and prefill of 0.1 s really 0.2: who believes 0.1 serves many who are late by then.
    @Test func slowFleet_dispatchKnowsIt_moreAreInTime() {
        let trace = SmallPlant.trace((0..<400).map { (Double($0) * 0.05, 100, 1) })
        let attainments = [1.0, 2].map { factor in
            let times = EngineTimes(fixed: factor, sequences: factor, prefill: factor)
            return SmallPlant.run(trace, steps: [(0, 1)], engineTimes: times) {
                $0.order = .slo
                $0.faults = [.slow(nil, factor: 0.5, from: 0, until: 1000)]
            }.outcome.attainment
        }
        #expect(attainments[1] > attainments[0] + 0.1)
    }

    /// A service without prefill: nothing to pace, and who cannot be in time stands back.
    @Test func service_overload_moreAreInTime() {
        let trace = SmallPlant.trace((0..<300).map { (Double($0) * 0.1, 1, 2) })
        let profile = PerformanceProfile.service(
            name: "service", serviceTime: .milliseconds(200), concurrency: 1, price: Price(perAcceleratorHour: 1))
        let attainments = [DispatchOrder.slo, .fcfs].map { order in
            var options = SimulationOptions()
            options.slo = ServiceLevelObjective(limits: .latency(.seconds(1)))
            options.order = order
            return Simulator(trace: trace, profile: profile, policy: ScheduledSteps(steps: []), options: options).run()
                .outcome.attainment
        }
        #expect(attainments[0] > attainments[1] + 0.2)
    }
}
