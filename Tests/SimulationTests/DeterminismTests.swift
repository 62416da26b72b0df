import Control
import Fleet
import Performance
import Policies
import Runtime
import Simulation
import Synchronization
import Testing

@Suite struct DeterminismTests {
    private let context = PolicyContext(
        profile: SmallPlant.profile, slo: .reference,
        operatingPoint: OperatingPoint(
            steadyRate: 4, steadyConcurrency: 2, fluidBatch: 3,
            shape: RequestShape(promptTokens: 100, outputTokens: 40)),
        startUpMedian: .seconds(10), staticReplicas: 2)

    private func simulator(
        _ policy: String, seed: UInt64, faults: [Fault] = [], guards: ControlGuards = []
    ) throws -> Simulator {
        var options = SimulationOptions()
        options.startUp = StartUpModel(median: .seconds(10), spread: 2)
        options.bounds = ReplicaBounds(min: 1, max: 12)
        options.seed = seed
        options.faults = faults
        options.recordsDecisions = true
        return Simulator(
            trace: SmallPlant.randomTrace(seed: 7, rate: 20, seconds: 300), profile: SmallPlant.profile,
            policy: try PolicyCatalog.make(policy, context: context), guards: guards, options: options)
    }

    @Test(arguments: PolicyCatalog.names)
    func run_twice_sameDigestAndSameDecisions(_ policy: String) throws {
        let first = try simulator(policy, seed: 7).run()
        let second = try simulator(policy, seed: 7).run()
        #expect(first.outcome == second.outcome)
        #expect(first.decisions == second.decisions)
        #expect(first.fleet == second.fleet)
        // Another seed draws other start-up times: what starts replicas sees another run.
        let other = try simulator(policy, seed: 8).run()
        #expect((other.outcome.digest == first.outcome.digest) == first.decisions.allSatisfy { $0.desired <= 1 })
    }

    /// What the simulator's controller was told, told to the daemon's: the same orders, decisions and timers.
    @Test(arguments: ["hpa", "knative-kpa", "tideway"])
    func recordedEvents_throughTheDaemon_giveTheSameOrders(_ policy: String) throws {
        let recorder = Mutex<[(event: ControlEvent, now: Instant, directives: [ControlDirective])]>([])
        var simulator = try simulator(
            policy, seed: 3,
            faults: [.crash(ReplicaID(0), at: 60), .failedStart(ordinal: 1), .metricsLost(from: 100, until: 130)],
            guards: .all)
        simulator.onControl = { event, now, directives in
            recorder.withLock { $0.append((event, now, directives)) }
        }
        _ = simulator.run()
        let recorded = recorder.withLock { $0 }
        let orders = recorded.flatMap(\.directives)
        #expect(orders.contains { if case .start = $0 { true } else { false } })
        // HPA looks back five minutes before it scales down.
        #expect(policy == "hpa" || orders.contains { if case .drainOne = $0 { true } else { false } })

        var daemon = DaemonReplay(
            WorkloadPlan(
                workload: Workload(id: WorkloadID("workload"), bounds: ReplicaBounds(min: 1, max: 12)),
                variant: VariantID("plain"),
                startUp: StartUpExpectation(expected: .seconds(10), deadline: .seconds(110)),
                drainDeadline: .seconds(600), policyName: policy,
                policy: try PolicyCatalog.make(policy, context: context)))
        for (index, step) in recorded.enumerated() {
            let said = daemon.on(step.event, at: step.now)
            #expect(said == step.directives.map(DaemonReplay.line), "event \(index): \(step.event)")
        }
    }
}
