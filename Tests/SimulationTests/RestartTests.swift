import Control
import Fleet
import Foundation
import Performance
import Policies
import Simulation
import Synchronization
import Testing

/// A controller that is cut off anywhere, saved, and taken up again decides as if nothing had been.
@Suite struct RestartTests {
    private typealias Step = (event: ControlEvent, now: Instant, directives: [ControlDirective])

    private let context = PolicyContext(
        profile: SmallPlant.profile, slo: .reference,
        operatingPoint: OperatingPoint(
            steadyRate: 4, steadyConcurrency: 2, fluidBatch: 3,
            shape: RequestShape(promptTokens: 100, outputTokens: 40)),
        startUpMedian: .seconds(10), staticReplicas: 2)
    private let startUp = StartUpExpectation(expected: .seconds(10), deadline: .seconds(14))

    private func record(_ policy: String, guards: ControlGuards) throws -> [Step] {
        var options = SimulationOptions()
        options.startUp = StartUpModel(median: .seconds(10), spread: 2)
        options.startDeadline = startUp.deadline
        options.bounds = ReplicaBounds(min: 1, max: 12)
        options.faults = [
            .crash(ReplicaID(0), at: 60), .failedStart(ordinal: 1), .failedStart(ordinal: 2),
            .metricsLost(from: 100, until: 130), .metricsLate(by: 5, from: 150, until: 170),
        ]
        let recorder = Mutex<[Step]>([])
        var simulator = Simulator(
            trace: SmallPlant.randomTrace(seed: 7, rate: 20, seconds: 240), profile: SmallPlant.profile,
            policy: try PolicyCatalog.make(policy, context: context), guards: guards, options: options)
        simulator.onControl = { event, now, directives in recorder.withLock { $0.append((event, now, directives)) } }
        _ = simulator.run()
        return recorder.withLock { $0 }
    }

    private func restored(_ saved: Data, _ policy: String, guards: ControlGuards) throws -> ControlMachine {
        try restored(saved, try PolicyCatalog.make(policy, context: context), guards: guards)
    }

    private func restored<Policy: ScalingPolicy>(
        _ saved: Data, _ policy: Policy, guards: ControlGuards
    ) throws -> ControlMachine {
        ControlMachine(
            restoring: try JSONDecoder().decode(ControlState<Policy.State>.self, from: saved), policy: policy,
            workload: Workload(id: WorkloadID("workload"), bounds: ReplicaBounds(min: 1, max: 12)),
            variant: VariantID("plain"), guards: guards, startUp: startUp)
    }

    private func fresh(_ policy: String, guards: ControlGuards) throws -> ControlMachine {
        ControlMachine(
            policy: try PolicyCatalog.make(policy, context: context),
            workload: Workload(id: WorkloadID("workload"), bounds: ReplicaBounds(min: 1, max: 12)),
            variant: VariantID("plain"), guards: guards, startUp: startUp)
    }

    @Test func tideway_cutAnywhere_goesOnAlike() throws {
        let recorded = try record("tideway", guards: .all)
        let orders = recorded.flatMap(\.directives)
        #expect(orders.contains { if case .cancel = $0 { true } else { false } })
        #expect(orders.contains { if case .start = $0 { true } else { false } })
        var machine = try fresh("tideway", guards: .all)
        for (index, step) in recorded.enumerated() {
            #expect(machine.on(step.event, at: step.now) == step.directives, "event \(index): \(step.event)")
            // Every 7th event is followed by a restart through JSON; the machine that goes on is the restored one.
            guard index % 7 == 0 else { continue }
            let saved = try JSONEncoder().encode(machine.state)
            machine = try restored(saved, "tideway", guards: .all)
        }
    }

    @Test func anotherPolicy_takesTheFleetAndBeginsAnew() throws {
        let recorded = try record("tideway", guards: .all)
        var machine = try fresh("tideway", guards: .all)
        for step in recorded.prefix(300) { _ = machine.on(step.event, at: step.now) }
        let other = try restored(try JSONEncoder().encode(machine.state), "hpa", guards: [])
        #expect(other.core == machine.core)
    }

    @Test func state_ofALongRun_staysSmall() throws {
        let recorded = try record("tideway", guards: .all)
        var machine = try fresh("tideway", guards: .all)
        for step in recorded { _ = machine.on(step.event, at: step.now) }
        #expect(try JSONEncoder().encode(machine.state).count < 100_000)
    }
}
